import Contracts
import Foundation
import Logging

/// One JSON object a line on standard error: `time`, `level`, `service`, `message`, and the metadata as members. Metadata of
/// one of these names gets an underscore in front, because a JSON object has each name once.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    var metadataProvider: Logger.MetadataProvider?
    private let service: String
    private let label: String

    init(service: String, label: String) {
        self.service = service
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        do {
            try FileHandle.standardError.write(contentsOf: Data(line(for: event, at: Timestamp(Date())).utf8))
        } catch {
            // A full disk or a reader that has gone: there is nowhere left to say so, and the service goes on.
        }
    }

    /// The names that every line has.
    private static let ownNames: Set<String> = ["time", "level", "service", "logger", "message"]

    func line(for event: LogEvent, at time: Timestamp) -> String {
        var members = metadata
        if let provided = metadataProvider?.get() { members.merge(provided) { $1 } }
        if let own = event.metadata { members.merge(own) { $1 } }
        if let error = event.error { members["error"] = "\(error)" }
        var line = "{\"time\":\"\(time)\",\"level\":\"\(event.level.rawValue)\",\"service\":\"\(service)\""
        if label != service { line += ",\"logger\":" + Self.quote(label) }
        line += ",\"message\":" + Self.quote(event.message.description)
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let name = Self.ownNames.contains(key) ? "_" + key : key
            line += "," + Self.quote(name) + ":" + Self.quote(value.description)
        }
        return line + "}\n"
    }

    /// A JSON string (RFC 8259, section 7).
    static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
