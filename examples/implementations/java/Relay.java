import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network of one scenario: it knows who exists and who is online, and passes on
 * messages without a thought about invitations.
 *
 * <p>It never waits for a client, so clients may call it with their own lock held.
 */
final class Relay {
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final Map<String, String> idsByAlias = new ConcurrentHashMap<>();
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();
    private final Timers timers;

    Relay(Timers timers) {
        this.timers = timers;
    }

    void register(Account account) {
        accounts.put(account.id(), account);
        if (account.alias() != null) {
            idsByAlias.put(Address.ofAlias(account.alias()).normal(), account.id());
        }
    }

    Account find(Address address) throws Refused {
        String id = address.normal();
        if (address.isAlias()) {
            id = idsByAlias.getOrDefault(address.normal(), "");
        }
        Account account = accounts.get(id);
        if (account == null) {
            throw new Refused("unknown-recipient", "nobody has this address");
        }
        return account;
    }

    boolean isOnline(String id) {
        return connections.containsKey(id);
    }

    void connect(Client client) {
        connections.put(client.account().id(), new Connection(client, timers));
        announce(client.account(), true);
    }

    void disconnect(Account account) {
        Connection connection = connections.remove(account.id());
        if (connection != null) {
            connection.close();
            announce(account, false);
        }
    }

    /** Sends a message; it is lost if the recipient is offline. */
    void post(Account sender, String receiver, Message message) {
        Connection connection = connections.get(receiver);
        if (connection != null) {
            connection.post(sender, message);
        }
    }

    void close() {
        connections.values().forEach(Connection::close);
        connections.clear();
    }

    private void announce(Account moved, boolean online) {
        connections.forEach((id, connection) -> {
            if (!id.equals(moved.id())) {
                connection.post(moved, new Message.Presence(online));
            }
        });
    }
}
