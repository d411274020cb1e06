import java.util.Set;

/** What clients tell each other; the relay, not the message, names the sender. */
interface Message {
    /** Does at the receiver what the message is for. */
    void arrive(Client receiver, Account sender);

    /** From the inviter: you are invited, or still invited, under this profile. */
    record Offer(String key, String profile) implements Message {
        @Override
        public void arrive(Client receiver, Account sender) {
            receiver.recipient().offered(sender, this);
        }
    }

    /** From the inviter: the invitation has ended without a session. */
    record Closed(String key, Invitation.State state) implements Message {
        @Override
        public void arrive(Client receiver, Account sender) {
            receiver.recipient().closed(sender, this);
        }
    }

    /** From the inviter: you accepted in time, and the session is on. */
    record Started(String key, String session, Set<String> permissions) implements Message {
        @Override
        public void arrive(Client receiver, Account sender) {
            receiver.sessions().join(sender.id(), session, permissions);
            receiver.recipient().started(sender, key);
        }
    }

    /** From the recipient: a click on accept or on reject. */
    record Answer(String key, boolean accepted) implements Message {
        @Override
        public void arrive(Client receiver, Account sender) {
            receiver.inviter().answered(sender, this);
        }
    }

    /** From a host: the permissions of our session are now these. */
    record Permissions(String session, Set<String> permissions) implements Message {
        @Override
        public void arrive(Client receiver, Account sender) {
            receiver.sessions().changed(sender.id(), session, permissions);
        }
    }

    /** From anyone: I would like a session with you. */
    record SessionRequest() implements Message {
        @Override
        public void arrive(Client receiver, Account sender) {
            receiver.requested(sender.id());
        }
    }

    /** From the relay, about the sender: it has come, or it has gone. */
    record Presence(boolean online) implements Message {
        @Override
        public void arrive(Client receiver, Account sender) {
            receiver.peerMoved(sender.id(), online);
        }
    }
}
