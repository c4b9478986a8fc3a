// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.client.codec.StandardCodec;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.inspect.DictInspection;
import io.holdfast.client.inspect.EventInspection;
import io.holdfast.client.inspect.LockInspection;
import io.holdfast.client.inspect.ObjectInspection;
import io.holdfast.client.inspect.ValueInspection;
import io.holdfast.client.lock.Grants;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;

/** Makes the facade of an object that a reference was read of, by what it says that it is. */
final class Handles {
    private Handles() {}

    static SharedObject of(ObjectInspection told, Caller caller, Grants grants, StandardCodec codec) {
        ObjectRef object = new ObjectRef(told.object().id(), told.object().name());
        if (told instanceof LockInspection lock) {
            return new SharedLock(object, new LockOptions(lock.owned(), lock.lockDelay()), caller, grants);
        }
        if (told instanceof EventInspection) {
            return new SharedEvent(object, caller);
        }
        if (told instanceof ValueInspection value) {
            return new SharedValue<>(object, Typecode.of(value.typecode()), caller);
        }
        if (told instanceof DictInspection) {
            return new SharedDict<>(object, codec.objects(), codec.objects(), caller);
        }
        throw new IllegalStateException("an inspection of no kind: " + told);
    }
}
