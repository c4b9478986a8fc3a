// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.DictEntries;
import io.holdfast.protocol.v1.DictPage;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.Query;
import io.holdfast.statemachine.Script;
import java.util.stream.Collectors;

/** The entries of dicts in words. */
final class Items {
    private Items() {}

    /** All entries of the script's dict of that name: {@code key=value}, in their order. */
    static String of(Script script, String name) {
        DictQuery.Builder query = DictQuery.newBuilder()
                .setObject(script.object(name).value())
                .setPage(DictPage.newBuilder().setLimit(Limits.PAGE_ROWS));
        return tell(
                script, script.ask(Query.newBuilder().setDict(query)).getDict().getEntries());
    }

    static String tell(Script script, DictEntries entries) {
        return entries.getEntriesList().stream()
                .map(entry -> script.tell(entry.getKey()) + "=" + script.tell(entry.getValue()))
                .collect(Collectors.joining(" "));
    }
}
