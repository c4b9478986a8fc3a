// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.log.SessionCommand;

/** Commands to a realm: those that are resent, those that are refused, and the object that each of the others is for. */
final class Commands {
    private final Realm realm;

    Commands(Realm realm) {
        this.realm = realm;
    }

    void apply(SessionCommand item) {
        Command command = item.getCommand();
        realm.session = item.getSession();
        realm.sequence = command.getSequence();
        realm.guards = command.getGuardsList();
        realm.commanded = 0;
        ModelSession own = realm.sessions.get(realm.session);
        realm.touchedSessions.add(realm.session);
        if (realm.isGone(realm.session)) {
            realm.serving.catchUp(0);
            realm.told.refused(Invariant.SEMANTICS, realm.session, realm.sequence, RefusalCode.SESSION_ENDED);
        } else if (realm.sequence <= own.lastSequence) {
            toldAgain(own);
        } else if (realm.sequence > own.lastSequence + 1) {
            realm.told.violation(realm.session);
        } else {
            own.kept.keySet().removeAll(command.getAcknowledgedList());
            own.lastSequence = realm.sequence;
            dispatch(command);
        }
    }

    private void toldAgain(ModelSession own) {
        Outcome first = own.kept.get(realm.sequence);
        if (first != null) { // else it waits, or the outcome was acknowledged
            realm.serving.catchUp(0);
            realm.told.again(realm.session, realm.sequence, first);
        }
    }

    private void dispatch(Command command) {
        if (!command.getGuardsList().stream().allMatch(realm.tokens::holds)) {
            realm.refused(Invariant.GUARDS, RefusalCode.STALE_TOKEN, refusal -> true);
            return;
        }
        switch (command.getOperationCase()) {
            case OPEN -> realm.lives.open(command.getOpen());
            case DELETE -> realm.lives.delete(command.getDelete().getName());
            case CANCEL -> cancel(command.getCancel().getSequence());
            case CREATE -> realm.lives.create(command.getCreate());
            case DROP -> realm.lives.drop(command.getDrop().getObject());
            case REFUSED -> realm.refused(command.getRefused().getCode());
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
            default -> {
                realm.commanded = Rooms.object(command);
                ObjectModel object = realm.objects.get(realm.commanded);
                if (object == null || !Rooms.isFor(command, object.kind)) {
                    realm.refused(Realm.missing(realm.commanded, object != null));
                } else {
                    realm.touchedObjects.add(object.id);
                    object.apply(realm, command);
                }
            }
        }
    }

    private void cancel(long ofSequence) {
        Wait wait = realm.sessions.get(realm.session).waits.get(ofSequence);
        if (wait != null && realm.serving.deleted.containsKey(wait.object())) {
            realm.serving.tellDeleted(realm.awaited(wait), wait);
            realm.decided(false);
        } else {
            realm.decided(wait != null && realm.awaited(wait).cancelled(realm, wait));
        }
    }
}
