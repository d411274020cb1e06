import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The named parameters of a call; whatever does not fit is an invalid-parameters error. */
final class Params {
    private final Map<?, ?> members;

    private Params(Map<?, ?> members) {
        this.members = members;
    }

    static Params of(Object value) throws RpcError {
        return new Params(as(Map.class, value, "params"));
    }

    Set<String> names() throws RpcError {
        return texts(members.keySet(), "names");
    }

    String text(String name) throws RpcError {
        return as(String.class, members.get(name), name);
    }

    /** The text, or null where it is null or left out. */
    String textOrNull(String name) throws RpcError {
        return members.get(name) == null ? null : text(name);
    }

    boolean flag(String name) throws RpcError {
        return as(Boolean.class, members.get(name), name);
    }

    boolean flag(String name, boolean otherwise) throws RpcError {
        return has(name) ? flag(name) : otherwise;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    /** The value as it came; null also where it is left out. */
    Object whatever(String name) {
        return members.get(name);
    }

    Set<String> texts(String name) throws RpcError {
        return texts(as(List.class, members.get(name), name), name);
    }

    /** The objects of a list. */
    List<Params> objects(String name) throws RpcError {
        List<Params> objects = new ArrayList<>();
        for (Object item : as(List.class, members.get(name), name)) {
            objects.add(of(item));
        }
        return objects;
    }

    /** An object, empty where it is left out. */
    Params object(String name) throws RpcError {
        return has(name) ? of(members.get(name)) : new Params(Map.of());
    }

    private static Set<String> texts(Iterable<?> items, String name) throws RpcError {
        Set<String> texts = new LinkedHashSet<>();
        for (Object item : items) {
            texts.add(as(String.class, item, name));
        }
        return texts;
    }

    private static <T> T as(Class<T> kind, Object value, String name) throws RpcError {
        if (!kind.isInstance(value)) {
            throw RpcError.invalidParameters("missing or of the wrong kind: " + name);
        }
        return kind.cast(value);
    }
}
