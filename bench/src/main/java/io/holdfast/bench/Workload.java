// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.semaphore.SharedSemaphore;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the callers do. Where it is not said otherwise each has objects of its own: what is measured is the cluster, not
 * how long callers wait for each other.
 */
enum Workload {
    /** One addition to a counter. */
    ADDS {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            return own(client, run, number)::add;
        }
    },
    /** Acquiring and releasing a free lock: two commands, counted as one operation. */
    LOCKS {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            return own(client, run, number)::lockAndUnlock;
        }
    },
    /** One put of a 100-byte value to one of 100 keys of a dict. */
    DICT {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            return own(client, run, number)::put;
        }
    },
    /** In turn: an addition, a put, a linearizable get, and a lock acquired and released. */
    MIXED {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            Objects mine = own(client, run, number);
            return turn -> {
                switch ((int) (turn % 4)) {
                    case 0 -> mine.add(turn);
                    case 1 -> mine.put(turn);
                    case 2 -> mine.get(turn);
                    default -> mine.lockAndUnlock(turn);
                }
            };
        }
    },
    /** In turn, one command each: an addition, a put, an acquire and a release. */
    COMMANDS {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            Objects mine = own(client, run, number);
            return turn -> {
                switch ((int) (turn % 4)) {
                    case 0 -> mine.add(turn);
                    case 1 -> mine.put(turn);
                    case 2 -> mine.acquire();
                    default -> mine.release();
                }
            };
        }
    },
    /** A permit acquired and released: two commands, counted as one operation. */
    SEMAPHORES {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            SharedSemaphore semaphore = client.semaphore(run + "/" + number + "/semaphore", 1);
            return turn -> {
                semaphore.acquire();
                semaphore.release();
            };
        }
    },
    /** An item put and taken: two commands, counted as one operation. */
    QUEUE {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            SharedQueue<byte[]> queue = client.queue(run + "/" + number + "/queue", byte[].class);
            byte[] item = value();
            return turn -> {
                queue.put(item);
                queue.take();
            };
        }
    },
    /** 100 items put with one command and drained with another, counted as one operation. */
    BULK {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            SharedQueue<byte[]> queue = client.queue(run + "/" + number + "/queue", byte[].class);
            List<byte[]> items = Collections.nCopies(BULK_ITEMS, value());
            List<byte[]> drained = new ArrayList<>();
            return turn -> {
                queue.putAll(items);
                drained.clear();
                if (queue.drainTo(drained, BULK_ITEMS) != BULK_ITEMS) {
                    throw new IllegalStateException("turn " + turn + ": only " + drained.size() + " items came back");
                }
            };
        }
    },
    /** One lock that all callers hand on: acquired and released. */
    HANDOVERS {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            SharedLock lock = client.lock(run + "/handover");
            return turn -> lock.acquire().release();
        }
    },
    /** Two callers, in turn, by a condition. */
    PINGPONG {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            return new PingPong(client, run, number);
        }
    },
    /** A round of a barrier of 16 callers. */
    BARRIERS {
        @Override
        Caller open(HoldfastClient client, String run, int number) {
            return new Rounds(client, run, number);
        }
    };

    private static final int KEYS = 100;
    private static final int VALUE_BYTES = 100;
    private static final int BULK_ITEMS = 100;

    /** What one caller does; {@code turn} counts its operations. */
    interface Caller {
        void once(long turn) throws InterruptedException;
    }

    /** A caller's own objects. */
    static final class Objects {
        private final SharedValue<Long> counter;
        private final SharedLock lock;
        private final SharedDict<String, byte[]> dict;
        private final byte[] value = value();
        private long added;
        private @Nullable LockHandle held;

        Objects(HoldfastClient client, String prefix) {
            counter = client.value(prefix + "/counter", Typecode.INT64, 0L);
            lock = client.lock(prefix + "/lock");
            dict = client.dict(prefix + "/dict", String.class, byte[].class);
        }

        void add(long turn) {
            added++;
            long now = counter.addAndGet(1L);
            if (now != added) {
                throw new IllegalStateException("turn " + turn + ": the counter " + counter.name() + " is " + now
                        + " after " + added + " additions");
            }
        }

        void put(long turn) {
            dict.put("key-" + turn % KEYS, value);
        }

        void get(long turn) {
            dict.get("key-" + turn % KEYS);
        }

        void lockAndUnlock(long turn) throws InterruptedException {
            acquire();
            release();
        }

        void acquire() throws InterruptedException {
            held = lock.acquire();
        }

        void release() {
            LockHandle last = held;
            if (last != null) {
                last.release();
            }
        }
    }

    /** Opens what the caller of that number needs; it may share it with others. */
    abstract Caller open(HoldfastClient client, String run, int number);

    private static byte[] value() {
        byte[] value = new byte[VALUE_BYTES];
        Arrays.fill(value, (byte) 'x');
        return value;
    }

    private static Objects own(HoldfastClient client, String run, int number) {
        return new Objects(client, run + "/" + number);
    }
}
