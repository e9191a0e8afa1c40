package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pintail.backend.LocalCluster;

class ClusterEngineTest {
    private static Config config(String... sets) {
        return ConfigReader.read(Path.of("no such file"), Map.of(), List.of(sets));
    }

    @Test
    void withoutAnUrlItSaysWhichKeyIsMissing() {
        assertThatThrownBy(() -> ClusterEngine.open(config("cluster.engine=redis")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("cluster.url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://:geheim@example.com", "redis", "redis-sentinel://:geheim@example.com", "redis://:geheim@exa mple", "redis://"})
    void anUrlItCannotUseIsNotShownBecauseOfItsPassword(String url) {
        assertThatThrownBy(() -> ClusterEngine.open(config("cluster.engine=redis", "cluster.url=" + url)))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("cluster.url")
                .hasMessageNotContaining("geheim");
    }

    @Test
    void missingAuthoritiesAreToldAtStart() {
        assertThatThrownBy(() -> ClusterEngine.open(
                        config("cluster.engine=redis", "cluster.url=rediss://127.0.0.1:1", "cluster.authorities=/no/such.pem")))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("cluster.authorities");
    }

    @Test
    void theDefaultNeedsNothing() {
        try (var cluster = ClusterEngine.open(config())) {
            assertThat(cluster).isInstanceOf(LocalCluster.class);
        }
    }

    @Test
    void redisThatIsNotThereIsNoReasonNotToStart() {
        try (var cluster = ClusterEngine.open(config("cluster.engine=redis", "cluster.url=redis://127.0.0.1:1", "cluster.timeout=300ms"))) {
            assertThat(cluster.connected()).isFalse();
        }
    }
}
