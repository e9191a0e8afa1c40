/// The query language of the search box, as WildDuck's clients know it. Begin with [SearchQuery].
@NullMarked
package org.pintail.query;

import org.jspecify.annotations.NullMarked;
