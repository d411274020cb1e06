import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A malfunction, as JSON-RPC reports one; what a user may not do is {@link Refused}. */
final class RpcError extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    private RpcError(int code, String message) {
        super(message);
        this.code = code;
    }

    static RpcError parse(String problem) {
        return new RpcError(-32700, problem);
    }

    static RpcError invalidRequest(String problem) {
        return new RpcError(-32600, problem);
    }

    static RpcError unknownMethod(String method) {
        return new RpcError(-32601, "no method " + method);
    }

    static RpcError invalidParameters(String problem) {
        return new RpcError(-32602, problem);
    }

    static RpcError unsupportedProtocol(Object version) {
        return new RpcError(1001, "protocol " + version + " is not spoken here");
    }

    static RpcError fault(String problem) {
        return new RpcError(1003, problem);
    }

    static RpcError outOfOrder(String problem) {
        return new RpcError(1005, problem);
    }

    static RpcError unknown(String what) {
        return new RpcError(1006, "unknown " + what);
    }

    Map<String, Object> toJson() {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", getMessage());
        error.put("code", code);
        if (code == 1001) {
            error.put("data", Map.of("supported", List.of(Adapter.PROTOCOL)));
        }
        return error;
    }
}
