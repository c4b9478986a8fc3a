// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LocalHostNameTest {

    @Test
    void nameThatTheSystemKnows_needsNoLookUp() {
        LocalHostName name = new LocalHostName(() -> Optional.of("known"), () -> {
            throw new AssertionError("it is looked up");
        });
        assertThat(name.get()).isEqualTo("known");
    }

    @Test
    void thisMachine_hasAName() {
        assertThat(LocalHostName.ofThisProcess().get()).isNotBlank();
    }

    @Test
    void silentNameServer_isAskedOnce_andWaitedForOnce() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        LocalHostName name = new LocalHostName(Optional::empty, () -> {
            asked.incrementAndGet();
            answer.await();
            return "late";
        });

        assertThat(name.get()).isEqualTo(LocalHostName.UNKNOWN);
        for (int client = 0; client < 1_000; client++) { // 500 s if each of them waited
            assertThat(name.get()).isEqualTo(LocalHostName.UNKNOWN);
        }
        answer.countDown();
        String found;
        do {
            found = name.get();
        } while (found.equals(LocalHostName.UNKNOWN));

        assertThat(found).isEqualTo("late");
        assertThat(asked).hasValue(1);
    }

    @Test
    void lookUpThatFails_isNotTriedAgain() {
        AtomicInteger asked = new AtomicInteger();
        LocalHostName name = new LocalHostName(Optional::empty, () -> {
            asked.incrementAndGet();
            throw new UnknownHostException("no name server");
        });
        assertThat(name.get()).isEqualTo(LocalHostName.UNKNOWN);
        assertThat(name.get()).isEqualTo(LocalHostName.UNKNOWN);
        assertThat(asked).hasValue(1);
    }

    @Test
    void interruptedThread_doesNotWait_andKeepsItsStatus() {
        CountDownLatch answer = new CountDownLatch(1);
        LocalHostName name = new LocalHostName(Optional::empty, () -> {
            answer.await();
            return "late";
        });
        Thread.currentThread().interrupt();
        assertThat(name.get()).isEqualTo(LocalHostName.UNKNOWN);
        assertThat(Thread.interrupted()).isTrue();
        answer.countDown();
    }
}
