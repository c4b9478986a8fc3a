// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;

/** What one caller does again and again, on objects that are its own. */
enum Workload {
    /** One addition to a counter. */
    ADDS {
        @Override
        Runnable caller(HoldfastClient client, int caller) {
            SharedValue<Long> counter = client.value("bench/counter-" + caller, Typecode.INT64, 0L);
            return () -> counter.addAndGet(1L);
        }
    },
    /** A lock taken and given back: two commands. */
    LOCKS {
        @Override
        Runnable caller(HoldfastClient client, int caller) {
            SharedLock lock = client.lock("bench/lock-" + caller);
            return () -> {
                lock.lock();
                lock.unlock();
            };
        }
    },
    /** A value of 100 bytes put under one of 1,000 keys. */
    PUTS {
        @Override
        Runnable caller(HoldfastClient client, int caller) {
            SharedDict<Long, byte[]> dict = client.dict("bench/dict-" + caller, Long.class, byte[].class);
            byte[] value = new byte[100];
            long[] key = new long[1];
            return () -> dict.put(key[0]++ % 1_000, value);
        }
    },
    /** A counter read, linearizably. */
    GETS {
        @Override
        Runnable caller(HoldfastClient client, int caller) {
            SharedValue<Long> counter = client.value("bench/counter-" + caller, Typecode.INT64, 0L);
            return counter::get;
        }
    };

    /** The work of the caller with that number; run by one thread. */
    abstract Runnable caller(HoldfastClient client, int caller);
}
