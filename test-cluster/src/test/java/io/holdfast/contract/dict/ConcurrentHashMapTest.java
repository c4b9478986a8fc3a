// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.dict;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** That the contract is the JDK's, and not ours. */
class ConcurrentHashMapTest extends ConcurrentMapContract {
    @Override
    ConcurrentMap<String, Long> empty() {
        return new ConcurrentHashMap<>();
    }

    @Override
    List<ConcurrentMap<String, Long>> facades(ConcurrentMap<String, Long> map) {
        return List.of(map);
    }
}
