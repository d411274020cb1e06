import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sessions at one client, as their host or as their guest; guarded by its lock. */
final class Sessions {
    private final Map<String, Session> byName = new LinkedHashMap<>();
    private final Account owner;
    private final Locks locks;
    private final Relay relay;

    Sessions(Account owner, Locks locks, Relay relay) {
        this.owner = owner;
        this.locks = locks;
        this.relay = relay;
    }

    /** Hosts the session that was just accepted; answers the news for its guest. */
    Message.Started start(Invitation invitation) {
        Set<String> permissions = locks.applyTo(invitation.permissions());
        Session session = Session.hosted(owner.id(), invitation.recipient(), permissions);
        keep(session);
        return new Message.Started(invitation.key(), session.key(), permissions);
    }

    void join(String host, String key, Set<String> permissions) {
        keep(Session.joined(key, host, owner.id(), permissions));
    }

    /** Uses the Accept window, which only the host has. */
    void permit(String name, String permission, boolean allowed) throws Refused {
        Session session = byName.get(name);
        if (session == null) {
            throw new Refused("unknown-session", "there is no such session here");
        }
        if (!session.host().equals(owner.id())) {
            throw new Refused("not-host", "only the controlled side can change permissions");
        }
        if (locks.cover(permission)) {
            throw new Refused("permission-locked", "this client has the permission locked");
        }
        Session changed = session.with(permission, allowed);
        keep(changed);
        relay.post(owner, session.guest(),
                new Message.Permissions(session.key(), changed.permissions()));
    }

    void changed(String host, String key, Set<String> permissions) {
        byName.replaceAll((name, session) ->
                session.key().equals(key) && session.host().equals(host)
                        ? session.with(permissions) : session);
    }

    /** The other end has gone. */
    void lost(String peer) {
        byName.values().removeIf(session -> session.isWith(peer));
    }

    void endAll() {
        byName.clear();
    }

    List<Map<String, Object>> toJson() {
        return byName.values().stream().map(Session::toJson).toList();
    }

    static void set(Set<String> permissions, String permission, boolean allowed) {
        if (allowed) {
            permissions.add(permission);
        } else {
            permissions.remove(permission);
        }
    }

    private void keep(Session session) {
        byName.put(session.name(), session);
    }
}
