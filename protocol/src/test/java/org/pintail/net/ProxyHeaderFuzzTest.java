package org.pintail.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Any bytes name a client or end the connection.
class ProxyHeaderFuzzTest {
    @RegisterExtension
    static final Rehearsal REHEARSAL = new Rehearsal();

    @FuzzTest
    void anyBytesNameAClientOrEndTheConnection(byte @Nullable [] bytes) {
        if (bytes != null) {
            REHEARSAL.serve(bytes, connection -> {
                ProxyHeader.read(connection);
                assertThat(connection.remote().getAddress()).isNotNull();
                assertThat(connection.remoteIp()).isNotEmpty();
            });
        }
    }
}
