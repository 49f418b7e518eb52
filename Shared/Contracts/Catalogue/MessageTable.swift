/// The message catalogue as a table for people: `docs/messages.md`.
public enum MessageTable {
    public static func markdown() -> String {
        var text = """
            # Messages

            Generated from `Shared/Contracts`; a test fails when it is stale. Run `UPDATE_GENERATED=1 ./deploy/test ContractsTests`
            to write it again. The same catalogue as an AsyncAPI 3 document is served at `/asyncapi.json`.

            | message | kind | owner | exchange | fields |
            |---|---|---|---|---|

            """
        for message in MessageCatalogue.all.sorted(by: { $0.name < $1.name }) {
            let (kind, owner) = kind(of: message)
            text += "| `\(message.name)` | \(kind) | \(owner) | `\(AsyncAPIDocument.exchange(of: message))` | "
            text += fields(of: message) + " |\n"
        }
        return text
    }

    private static func kind(of message: any Message.Type) -> (kind: String, owner: String) {
        switch message {
        case let command as any StockCommand.Type: ("stock command", "to \(command.recipient)")
        case let command as any Command.Type: ("command", "to \(command.recipient)")
        case let request as any Request.Type: ("request", "to \(request.recipient)")
        case let event as any Event.Type: ("event", "from \(event.source)")
        default: ("message", "")
        }
    }

    /// The fields by name; optional ones carry a question mark.
    private static func fields(of message: any Message.Type) -> String {
        let schema = JSONSchema.describing(message.example)
        guard case .object(let properties)? = schema["properties"] else { return "" }
        var required: Set<String> = []
        if case .array(let names)? = schema["required"] {
            required = Set(names.compactMap { if case .string(let name) = $0 { name } else { nil } })
        }
        return properties.keys.sorted().map { required.contains($0) ? $0 : "\($0)?" }.joined(separator: ", ")
    }
}
