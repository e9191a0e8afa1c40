/// Brand indicators (BIMI): the record that says where a domain's logo is, the checks of the logo, and of the mark certificate (VMC, CMC)
/// that vouches for it. Begin with [org.pintail.bimi.BimiLookup]; fetching is the business of `org.pintail.mx`. Problems have the
/// names that WildDuck gives them ([org.pintail.bimi.BimiProblem]).
@NullMarked
package org.pintail.bimi;

import org.jspecify.annotations.NullMarked;
