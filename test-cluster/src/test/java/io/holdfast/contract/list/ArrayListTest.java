// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.list;

import java.util.ArrayList;
import java.util.List;

/** That the contract is the JDK's, and not ours. */
class ArrayListTest extends ListContract {
    @Override
    List<Long> empty() {
        return new ArrayList<>();
    }

    @Override
    List<List<Long>> facades(List<Long> list) {
        return List.of(list);
    }
}
