// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

/**
 * What every object has.
 *
 * @param id never used for another object
 * @param name empty where the name was deleted
 * @param createdRevision the revision that created it
 */
public record ObjectInfo(long id, String name, ObjectKind kind, long createdRevision) {}
