package org.pintail.auth;

import java.util.List;
import java.util.Optional;
import org.pintail.arc.ArcVerdict;
import org.pintail.authres.AuthenticationResults;
import org.pintail.dkim.DkimResult;
import org.pintail.dkim.ScannedMessage;
import org.pintail.dmarc.DmarcPolicy;
import org.pintail.dmarc.DmarcVerdict;
import org.pintail.spf.SpfVerdict;

/// All that was found out about one message.
///
/// @param helo SPF of the HELO name, where that is another question than MAIL FROM
/// @param ignoredSignatures DKIM signatures beyond those that were looked at
/// @param vouched a trusted ARC chain says that the message passed DMARC before it was changed
/// @param results the same as rows of `Authentication-Results`
public record AuthReport(
        SpfVerdict mailFrom,
        Optional<SpfVerdict> helo,
        List<DkimResult> dkim,
        int ignoredSignatures,
        ArcVerdict arc,
        DmarcVerdict dmarc,
        boolean vouched,
        ScannedMessage message,
        AuthenticationResults results) {
    public AuthReport {
        dkim = List.copyOf(dkim);
    }

    /// What the author's domain asks for, if this message may be blamed on it. A message without an author that can be judged is not
    /// to do better than a forged one: it belongs in quarantine.
    public DmarcPolicy asked() {
        if (dmarc.result() == DmarcVerdict.Result.PERMERROR) {
            return DmarcPolicy.QUARANTINE;
        }
        return vouched ? DmarcPolicy.NONE : dmarc.applied();
    }
}
