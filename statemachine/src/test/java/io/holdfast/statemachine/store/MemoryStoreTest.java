// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends StoreContract {
    @Override
    Store newStore() {
        return new MemoryStore();
    }

    @Override
    Store newOther() {
        return new MemoryStore();
    }

    @Test
    void copy_goesItsOwnWay() {
        MemoryStore store = new MemoryStore();
        store.write(List.of(new Store.Change(bytes("01"), bytes("aa"))));
        MemoryStore copy = store.copy();
        copy.write(List.of(new Store.Change(bytes("01"), bytes("bb"))));
        store.write(List.of(new Store.Change(bytes("02"), bytes("cc"))));
        assertThat(store.get(bytes("01"))).isEqualTo(bytes("aa"));
        assertThat(copy.get(bytes("01"))).isEqualTo(bytes("bb"));
        assertThat(copy.get(bytes("02"))).isNull();
    }
}
