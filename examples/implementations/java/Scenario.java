import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A closed world of a few clients and the network between them. */
final class Scenario {
    private static final List<String> CONTACT_LISTS =
            List.of("favorites", "recent-sessions", "discovery", "address-book");
    private static final int FIRST_WITH_INVITATIONS = 7;

    private final Map<String, Client> clients = new LinkedHashMap<>();
    private final Timers timers;
    private final Behaviour behaviour;
    private final Relay relay;

    Scenario(Params params, Timers timers, Behaviour behaviour) throws RpcError {
        this.timers = timers;
        this.behaviour = behaviour;
        this.relay = new Relay(timers);
        for (Params each : params.objects("clients")) {
            add(each);
        }
    }

    Client client(String token) throws RpcError {
        Client client = clients.get(token);
        if (client == null) {
            throw RpcError.unknown("client");
        }
        return client;
    }

    /** Ends it; nothing of it goes on in the background. */
    void end() {
        relay.close();
        clients.values().forEach(Client::stopTimers);
    }

    private void add(Params params) throws RpcError {
        Account account = account(params);
        Client.Setup setup = new Client.Setup(account,
                new Menu(account, contacts(params)), profiles(params), locks(params));
        Client client = new Client(setup, relay, timers, behaviour);
        if (clients.put(params.text("client"), client) != null) {
            throw RpcError.invalidParameters("two clients of the same name");
        }
        relay.register(account);
        if (params.flag("online", true)) {
            client.goOnline();
        }
    }

    private static Account account(Params params) throws RpcError {
        String version = params.text("version");
        if (!version.matches("[0-9]{1,6}\\.[0-9]+\\.[0-9]+")) {
            throw RpcError.invalidParameters("a version is three numbers");
        }
        return new Account(params.text("id"), params.textOrNull("alias"),
                params.text("platform"), knowsInvitations(version));
    }

    /** Whether a version sends and understands direct invitations. */
    private static boolean knowsInvitations(String version) {
        // As a number, since as text 10 would come before 7.
        return Integer.parseInt(version.split("\\.")[0]) >= FIRST_WITH_INVITATIONS;
    }

    private static Profiles profiles(Params params) throws RpcError {
        Profiles profiles = new Profiles();
        for (Params each : params.objects("profiles")) {
            profiles.add(new Profiles.Profile(each.text("name"), each.texts("permissions"),
                    each.flag("enabled", true)));
        }
        return profiles;
    }

    private Locks locks(Params params) throws RpcError {
        Map<String, Boolean> values = new LinkedHashMap<>();
        Params locked = params.object("locked");
        for (String permission : locked.names()) {
            values.put(permission, locked.flag(permission));
        }
        return new Locks(behaviour.makes(Mistake.LOCKS_IGNORED) ? Map.of() : values);
    }

    private static Map<String, Set<String>> contacts(Params params) throws RpcError {
        Map<String, Set<String>> contacts = new LinkedHashMap<>();
        Params given = params.object("contacts");
        for (String list : CONTACT_LISTS) {
            contacts.put(list, given.whatever(list) == null ? Set.of() : given.texts(list));
        }
        return contacts;
    }
}
