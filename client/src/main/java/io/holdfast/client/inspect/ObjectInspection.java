// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/** What {@code inspect} tells of a shared object, as of one moment. */
public sealed interface ObjectInspection
        permits LockInspection,
                ConditionInspection,
                SemaphoreInspection,
                EventInspection,
                BarrierInspection,
                ValueInspection,
                DictInspection,
                QueueInspection,
                ListInspection,
                NamespaceInspection,
                ArrayInspection {
    /** What is told of objects of every kind. */
    ObjectInfo object();
}
