import java.io.*;
import java.util.*;

/** An adapter for invitelab: a call on each line of stdin, its answer on stdout. */
public class Adapter {
  static final Map<Object, Map<?, ?>> clients = new HashMap<>();
  static long nowMs;

  static Object answer(String method, Map<?, ?> call) throws NoSuchMethodException {
    var client = clients.get(call.get("client"));
    return switch (method) { // To refuse: Map.of("refused", Map.of("reason", "..."))
      // virtual: time passes in clock.advance only. real: your timers run, and the suite waits.
      case "initialize" -> Map.of("protocol", 1, "clock", "virtual",
          "implementation", Map.of("name", "acme", "version", "0.1", "language", "java"),
          "capabilities", List.of("menu", "email"), // session.request is still missing
          "declines", List.of("direct", "tiles", "session-permissions", "profile-edit", "presence",
              "popup").stream().map(it -> Map.of("capability", it, "reason", "not yet")).toList());
      case "scenario.begin" -> { // a new world, at time zero, with these clients alone
        clients.clear();
        for (Object it : (List<?>) call.get("clients"))
          clients.put(((Map<?, ?>) it).get("client"), (Map<?, ?>) it);
        yield Map.of("now_ms", nowMs = 0);
      }
      case "scenario.end", "shutdown" -> Map.of();
      case "clock.advance" -> Map.of("now_ms", nowMs += (long) call.get("ms")); // with all due
      case "client.view" -> Map.of("notifications", List.of(), "invitations", List.of(),
          "sessions", List.of(), "requests", List.of());
      case "client.menu" -> Map.of("ok", Map.of("entries", client.get("platform").equals("windows")
          ? List.of(Map.of("entry", "id-menu.invite-via-email")) : List.of()));
      case "invitation.email" -> Map.of("ok", Map.of("opened_with", "default-browser",
          "text", "Connect to " + client.get("id") + ": https://anydesk.com"));
      default -> throw new NoSuchMethodException(method);
    };
  }

  static String respond(String line) {
    Object id = null;
    try {
      var request = (Map<?, ?>) read(new StreamTokenizer(new StringReader(line)));
      id = request.get("id");
      var result = answer((String) request.get("method"), (Map<?, ?>) request.get("params"));
      return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + write(result) + "}";
    } catch (Exception error) {
      int code = id == null ? -32700 : error instanceof NoSuchMethodException ? -32601 : 1004;
      if (code == 1004) error.printStackTrace();
      var reply = write(Map.of("code", code, "message", error.toString()));
      return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":" + reply + "}";
    }
  }

  static Object read(StreamTokenizer json) throws IOException { // just enough JSON for the calls
    int kind = json.nextToken();
    if (kind == '"') return json.sval;
    if (kind == StreamTokenizer.TT_NUMBER) return (long) json.nval;
    if (kind == StreamTokenizer.TT_WORD) return Map.of("true", true, "false", false).get(json.sval);
    if (kind != '{' && kind != '[') throw new IOException("this is not JSON");
    var list = new ArrayList<Object>();
    while (json.nextToken() != '}' && json.ttype != ']')
      if (json.ttype != ',' && json.ttype != ':') { json.pushBack(); list.add(read(json)); }
    var map = new HashMap<Object, Object>();
    for (var it = list.iterator(); kind == '{' && it.hasNext(); ) map.put(it.next(), it.next());
    return kind == '{' ? map : list;
  }

  static String write(Object value) {
    if (value instanceof List<?> list) return "" + list.stream().map(Adapter::write).toList();
    if (value instanceof String text)
      return '"' + text.replaceAll("[\\\\\"]", "\\\\$0").replace("\n", "\\n") + '"';
    if (!(value instanceof Map<?, ?> map)) return "" + value;
    var entries = map.keySet().stream().map(it -> write(it) + ":" + write(map.get(it)));
    return "{" + String.join(",", entries.toList()) + "}";
  }

  public static void main(String[] args) {
    PrintStream answers = System.out;
    System.setOut(System.err); // what you print goes to stderr, and into reports
    var calls = new BufferedReader(new InputStreamReader(System.in)).lines();
    calls.forEach(line -> answers.print(respond(line) + "\n"));
  }
}
