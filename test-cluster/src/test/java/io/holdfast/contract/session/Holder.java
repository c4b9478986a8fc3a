// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A process that takes a lock, and writes each number that it is told, under the guard of the lock. */
final class Holder {
    private Holder() {}

    /** Starts it; it holds the lock when this returns. It answers 'done', or the name of the exception that it got. */
    static OtherProcess start(String addresses, Duration ttl, String lock, Duration lockDelay, String value)
            throws Exception {
        return OtherProcess.start(
                Holder.class,
                addresses,
                Long.toString(ttl.toMillis()),
                lock,
                Long.toString(lockDelay.toMillis()),
                value);
    }

    public static void main(String[] args) throws Exception {
        HoldfastClient client = HoldfastClient.builder()
                .addresses(args[0])
                .clientName("holder")
                .ttl(Duration.ofMillis(Long.parseLong(args[1])))
                .connect();
        LockOptions options = LockOptions.DEFAULT.lockDelay(Duration.ofMillis(Long.parseLong(args[3])));
        LockHandle held = client.lock(args[2], options).acquire();
        SharedValue<Long> value = client.value(args[4], Typecode.INT64, 0L).guardedBy(held);
        OtherProcess.say("ready");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            try {
                value.set(Long.valueOf(order));
                OtherProcess.say("done");
            } catch (RuntimeException e) {
                OtherProcess.say(e.getClass().getSimpleName() + (held.isHeld() ? ", and claims the lock" : ""));
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
