// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.Guard;
import io.holdfast.client.array.SharedArray;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.SharedCluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of a List, whose facades are of this client and of another one. */
class SharedListFacadesTest extends ListContract {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    @Override
    List<Long> empty() {
        return shared.client().list(shared.name(), Long.class);
    }

    @Override
    List<List<Long>> facades(List<Long> list) {
        SharedList<Long> itself = (SharedList<Long>) list;
        List<List<Long>> facades = new ArrayList<>();
        facades.add(itself);
        facades.add(shared.client().list(itself.name(), Long.class));
        facades.add(shared.other().list(itself.name(), Long.class));
        facades.add(itself.guardedBy(new Guard(1, 1)));
        return facades;
    }

    @Test
    void setSlice_toTheListItself_isPythons() {
        SharedList<Long> list = (SharedList<Long>) empty();
        list.addAll(List.of(1L, 2L, 3L));
        list.setSlice(1, 1, 1, shared.other().list(list.name(), Long.class));
        assertThat(list).containsExactly(1L, 1L, 2L, 3L, 2L, 3L);
    }

    @Test
    void listsOfOneArray_areOneList() {
        String name = shared.name();
        SharedArray<Long> array = shared.client().array(name, Typecode.INT64, List.of(1L, 2L, 1L));
        List<Long> cells = array.asList();
        List<Long> same = shared.other().array(name, Typecode.INT64, 3).asList();
        assertThat(cells.equals(same)).isTrue();
        assertThat(cells).hasSameHashCodeAs(same);
        assertThat(cells.containsAll(same)).isTrue();
        assertThat(cells.retainAll(same)).isFalse();
        array.write(0, same);
        assertThat(cells).containsExactly(1L, 2L, 1L);
        assertThat(cells.stream().mapToLong(cell -> cell).sum()).isEqualTo(4);
    }
}
