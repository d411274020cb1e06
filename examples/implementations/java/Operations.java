import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a scenario's users can be told to do, by the name of the method. */
final class Operations {
    /** One operation; its result may have to wait for another client. */
    interface Operation {
        CompletableFuture<Map<String, Object>> perform(Client client, Params params)
                throws Refused, RpcError;
    }

    private static final Map<String, Object> DONE = Map.of("ok", Map.of());

    private final Map<String, Operation> byMethod = new LinkedHashMap<>();
    private final boolean refusesLateClicks;

    Operations(Behaviour behaviour) {
        this.refusesLateClicks = behaviour.refusesLateClicks();
        addLooking();
        addInviting();
        addAnswering();
        addManaging();
    }

    /** The operation, or null. */
    Operation find(String method) {
        return byMethod.get(method);
    }

    private void addLooking() {
        byMethod.put("client.view", (client, params) -> now(client.view()));
        byMethod.put("client.menu", (client, params) ->
                now(Map.of("ok", Map.of("entries", client.menu()))));
    }

    private void addInviting() {
        byMethod.put("invitation.email", (client, params) ->
                now(Map.of("ok", Map.of("text", client.email(params.text("entry")),
                        "opened_with", "default-browser"))));
        byMethod.put("invitation.send", (client, params) ->
                now(Map.of("ok", Map.of("invitation", client.send(params.text("entry"),
                        params.text("to"), params.text("profile"))))));
        byMethod.put("invitation.modify", (client, params) ->
                now(clicked(client.modify(
                        params.text("invitation"), params.text("profile")))));
        byMethod.put("invitation.cancel", (client, params) ->
                now(clicked(client.cancel(params.text("invitation")))));
    }

    private void addAnswering() {
        byMethod.put("invitation.accept", (client, params) ->
                client.answer(params.text("invitation"), true).thenApply(this::clicked));
        byMethod.put("invitation.reject", (client, params) ->
                client.answer(params.text("invitation"), false).thenApply(this::clicked));
        byMethod.put("popup.dismiss", (client, params) ->
                now(clicked(client.dismiss(params.text("invitation")))));
    }

    private void addManaging() {
        byMethod.put("session.request", (client, params) -> {
            client.request(params.text("to"));
            return now(DONE);
        });
        byMethod.put("session.permit", (client, params) -> {
            client.permit(params.text("session"), params.text("permission"),
                    params.flag("allowed"));
            return now(DONE);
        });
        byMethod.put("profile.edit", (client, params) -> {
            client.editProfile(params.text("profile"), params.texts("permissions"));
            return now(DONE);
        });
        byMethod.put("client.online", (client, params) -> {
            if (params.flag("online")) {
                client.goOnline();
            } else {
                client.goOffline();
            }
            return now(DONE);
        });
    }

    /** The answer to a click, which may have come too late to do anything. */
    private Map<String, Object> clicked(boolean effective) {
        return effective || !refusesLateClicks
                ? DONE
                : new Refused("not-pending", "it is too late for that").toJson();
    }

    private static CompletableFuture<Map<String, Object>> now(Map<String, Object> result) {
        return CompletableFuture.completedFuture(result);
    }
}
