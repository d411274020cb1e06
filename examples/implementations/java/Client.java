import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One client, and the lock of all that it knows.
 *
 * <p>Users, messages and deadlines come on different threads, and each holds the lock for
 * the whole of what it does. A client reaches another one through the relay only, so no
 * thread ever holds two of these locks.
 */
final class Client {
    private static final String EMAIL = """
            Hello,

            please connect to me with AnyDesk. My address is %s
            You find the program %s
            """;
    private static final String LINK = "at https://anydesk.com";
    private static final String NO_LINK = "on its website.";

    private final Account account;
    private final Relay relay;
    private final String whereabouts;
    private final Menu menu;
    private final Profiles profiles;
    private final Inviter inviter;
    private final Recipient recipient;
    private final Sessions sessions;
    private final Set<String> requests = new LinkedHashSet<>();

    /** What a client is set up with. */
    record Setup(Account account, Menu menu, Profiles profiles, Locks locks) {}

    Client(Setup setup, Relay relay, Timers timers, Behaviour behaviour) {
        this.account = setup.account();
        this.menu = setup.menu();
        this.profiles = setup.profiles();
        this.relay = relay;
        this.whereabouts = behaviour.makes(Mistake.EMAIL_WITHOUT_LINK) ? NO_LINK : LINK;
        this.inviter = new Inviter(this, relay, timers, behaviour);
        this.recipient = new Recipient(this, relay);
        this.sessions = new Sessions(account, setup.locks(), relay);
    }

    Account account() {
        return account;
    }

    // What messages reach; they are handled with the lock held.

    Inviter inviter() {
        return inviter;
    }

    Recipient recipient() {
        return recipient;
    }

    Sessions sessions() {
        return sessions;
    }

    void requested(String guest) {
        requests.add(guest);
    }

    void peerMoved(String peer, boolean online) {
        if (online) {
            inviter.returned(peer);
        } else {
            recipient.lost(peer);
            sessions.lost(peer);
        }
    }

    // What the other threads call.

    synchronized void receive(Connection connection) {
        connection.deliverNext();
    }

    synchronized void deadlineReached() {
        inviter.expireDue();
    }

    /** Makes a mistake: the two minutes end what they led to. */
    synchronized void cutSessions() {
        sessions.endAll();
    }

    // What the user does.

    synchronized String email(String place) throws Refused {
        menu.checkEmail(place);
        return String.format(EMAIL, account.publicAddress(), whereabouts);
    }

    /** Sends an invitation; answers what it is called here. */
    synchronized String send(String place, String to, String profile) throws Refused {
        demandOnline();
        menu.checkDirect(place, to);
        Account invited = findOther(to);
        if (!invited.knowsInvitations()) {
            throw new Refused("recipient-unsupported", "that client is too old for this");
        }
        demandOnline(invited);
        return inviter.send(invited, profiles.choose(profile));
    }

    synchronized boolean modify(String invitation, String profile) throws Refused {
        return inviter.modify(invitation, profiles.choose(profile));
    }

    synchronized boolean cancel(String invitation) throws Refused {
        return inviter.cancel(invitation);
    }

    synchronized CompletableFuture<Boolean> answer(String invitation, boolean accepted)
            throws Refused {
        return recipient.answer(invitation, accepted);
    }

    synchronized boolean dismiss(String invitation) throws Refused {
        return recipient.dismiss(invitation);
    }

    synchronized void request(String to) throws Refused {
        demandOnline();
        Account host = findOther(to);
        demandOnline(host);
        relay.post(account, host.id(), new Message.SessionRequest());
    }

    synchronized void permit(String session, String permission, boolean allowed)
            throws Refused {
        sessions.permit(session, permission, allowed);
    }

    synchronized void editProfile(String profile, Set<String> permissions) throws Refused {
        profiles.edit(profile, permissions);
    }

    synchronized void goOnline() {
        if (!relay.isOnline(account.id())) {
            relay.connect(this);
        }
    }

    synchronized void goOffline() {
        inviter.cancelAll();
        recipient.hideAll();
        sessions.endAll();
        relay.disconnect(account);
    }

    synchronized void stopTimers() {
        inviter.stopTimers();
    }

    synchronized List<Map<String, Object>> menu() {
        return menu.toJson();
    }

    synchronized Map<String, Object> view() {
        return Map.of(
                "seen-by", account.id(),
                "requests", requests.stream().map(guest -> Map.of("from", guest)).toList(),
                "sessions", sessions.toJson(),
                "invitations", inviter.toJson(),
                "notifications", recipient.toJson());
    }

    private Account findOther(String typed) throws Refused {
        Account found = relay.find(Address.typed(typed));
        if (found.id().equals(account.id())) {
            throw new Refused("self-invitation", "this is your own address");
        }
        return found;
    }

    private void demandOnline() throws Refused {
        if (!relay.isOnline(account.id())) {
            throw new Refused("client-offline", "this client is not connected");
        }
    }

    private void demandOnline(Account other) throws Refused {
        if (!relay.isOnline(other.id())) {
            throw new Refused("recipient-offline", "that client is not connected");
        }
    }
}
