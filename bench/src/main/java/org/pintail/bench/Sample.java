package org.pintail.bench;

import java.io.IOException;

/// One measured run: how long it took, and what CPU time the servers used.
///
/// @param count how many messages (or commands) it was
record Sample(int count, double seconds, double cpuMillis) {
    /// Work that is measured; returns how many it was.
    interface Work {
        int run() throws IOException;
    }

    /// Waiting for what the work began.
    interface End {
        void await() throws IOException;
    }

    static Sample of(ProcessTree processes, Work work) throws IOException {
        return of(processes, work, () -> {});
    }

    static Sample of(ProcessTree processes, Work work, End end) throws IOException {
        double cpu = processes.cpuMillis();
        long begin = System.nanoTime();
        int count = work.run();
        end.await();
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Sample(count, seconds, processes.cpuMillis() - cpu);
    }

    double perSecond() {
        return count / seconds;
    }

    double cpuMillisEach() {
        return cpuMillis / count;
    }

    double millisEach() {
        return seconds * 1000 / count;
    }
}
