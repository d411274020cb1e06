import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Speaks the adapter protocol: the lifecycle, the envelopes and the errors. */
final class Adapter {
    static final long PROTOCOL = 1;
    private static final int RESOLUTION_MS = 20;
    private static final int SETTLE_MS = 250;
    private static final int LONGEST_VERDICT_SECONDS = 2;
    private static final List<String> CAPABILITIES = List.of("direct", "popup", "menu",
            "tiles", "email", "presence", "profile-edit", "session-permissions");

    private enum Phase { NEW, OPEN, SHUT }

    private final Map<String, Scenario> scenarios = new HashMap<>();
    private final Timers timers;
    private final Behaviour behaviour;
    private final Operations operations;
    private Phase phase = Phase.NEW;

    Adapter(Timers timers, Behaviour behaviour) {
        this.timers = timers;
        this.behaviour = behaviour;
        this.operations = new Operations(behaviour);
    }

    /** Takes up the line just read; a request without an identifier gets no answer. */
    Optional<CompletableFuture<Map<String, Object>>> handle(Questions questions) {
        Params request;
        try {
            String line = questions.text();
            if (line.isBlank()) {
                return Optional.empty();
            }
            request = envelope(JsonReader.read(line));
        } catch (RpcError error) {
            return Optional.of(CompletableFuture.completedFuture(failed(null, error)));
        }
        CompletableFuture<Map<String, Object>> answer = answer(request);
        return request.has("id") ? Optional.of(answer) : Optional.empty();
    }

    private static Params envelope(Object value) throws RpcError {
        if (!(value instanceof Map<?, ?> members)
                || !(members.get("method") instanceof String)
                || !"2.0".equals(members.get("jsonrpc"))
                || members.get("id") instanceof Map || members.get("id") instanceof List) {
            throw RpcError.invalidRequest("this is no JSON-RPC 2.0 request");
        }
        return Params.of(value);
    }

    private CompletableFuture<Map<String, Object>> answer(Params request) {
        Object id = request.whatever("id");
        try {
            return call(request.text("method"), request.object("params"))
                    .orTimeout(LONGEST_VERDICT_SECONDS, TimeUnit.SECONDS)
                    .thenApply(result -> envelope(id, "result", result))
                    .exceptionally(late -> failed(id, RpcError.fault("no verdict came")));
        } catch (RpcError error) {
            return CompletableFuture.completedFuture(failed(id, error));
        }
    }

    private CompletableFuture<Map<String, Object>> call(String method, Params params)
            throws RpcError {
        return switch (method) {
            case "initialize" -> now(initialize(params));
            case "shutdown" -> now(shutDown());
            case "scenario.begin" -> now(begin(params));
            case "scenario.end" -> now(end(params));
            default -> operate(method, params);
        };
    }

    private CompletableFuture<Map<String, Object>> operate(String method, Params params)
            throws RpcError {
        Operations.Operation operation = operations.find(method);
        if (operation == null) {
            throw RpcError.unknownMethod(method);
        }
        demand(Phase.OPEN);
        Client client = scenario(params).client(params.text("client"));
        try {
            return operation.perform(client, params);
        } catch (Refused refused) {
            return now(refused.toJson());
        }
    }

    private Map<String, Object> initialize(Params params) throws RpcError {
        demand(Phase.NEW);
        if (!Long.valueOf(PROTOCOL).equals(params.whatever("protocol"))) {
            throw RpcError.unsupportedProtocol(params.whatever("protocol"));
        }
        phase = Phase.OPEN;
        Map<String, Object> handshake = new LinkedHashMap<>();
        handshake.put("implementation", Map.of("language", "java", "version", "1.0.0",
                "name", "invitelab-example-java"));
        handshake.put("protocol", PROTOCOL);
        handshake.put("parallel", true);
        handshake.put("clock", "real");
        handshake.put("settle_ms", SETTLE_MS);
        handshake.put("resolution_ms", RESOLUTION_MS);
        handshake.put("declines", List.of());
        handshake.put("capabilities", CAPABILITIES);
        return handshake;
    }

    private Map<String, Object> shutDown() throws RpcError {
        demand(Phase.OPEN);
        phase = Phase.SHUT;
        scenarios.values().forEach(Scenario::end);
        scenarios.clear();
        return Map.of();
    }

    private Map<String, Object> begin(Params params) throws RpcError {
        demand(Phase.OPEN);
        if (scenarios.containsKey(params.text("scenario"))) {
            throw RpcError.outOfOrder("this scenario has begun already");
        }
        Scenario scenario = new Scenario(params, timers, behaviour);
        scenarios.put(params.text("scenario"), scenario);
        return Map.of();
    }

    private Map<String, Object> end(Params params) throws RpcError {
        demand(Phase.OPEN);
        scenario(params).end();
        scenarios.remove(params.text("scenario"));
        return Map.of();
    }

    private Scenario scenario(Params params) throws RpcError {
        Scenario scenario = scenarios.get(params.text("scenario"));
        if (scenario == null) {
            throw RpcError.unknown("scenario");
        }
        return scenario;
    }

    private void demand(Phase expected) throws RpcError {
        if (phase != expected) {
            throw RpcError.outOfOrder("not while the adapter is " + phase);
        }
    }

    private static Map<String, Object> failed(Object id, RpcError error) {
        return envelope(id, "error", error.toJson());
    }

    private static Map<String, Object> envelope(Object id, String kind, Object content) {
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put(kind, content);
        envelope.put("id", id);
        envelope.put("jsonrpc", "2.0");
        return envelope;
    }

    private static CompletableFuture<Map<String, Object>> now(Map<String, Object> result) {
        return CompletableFuture.completedFuture(result);
    }
}
