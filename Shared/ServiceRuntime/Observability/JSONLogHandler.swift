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
        LogOutput.standardError.write(line(for: event, at: Timestamp(Date())), isUrgent: event.level >= .warning)
    }

    /// The names that every line has.
    private static let ownNames: Set<String> = ["time", "level", "service", "logger", "message"]

    func line(for event: LogEvent, at time: Timestamp) -> String {
        var members = metadata
        if let provided = metadataProvider?.get() { members.merge(provided) { $1 } }
        if let own = event.metadata { members.merge(own) { $1 } }
        if let error = event.error { members["error"] = "\(error)" }
        var line = ""
        line.reserveCapacity(512)
        line += "{\"time\":\""
        line += time.description
        line += "\",\"level\":\""
        line += event.level.rawValue
        line += "\",\"service\":\""
        line += service
        line += "\""
        if label != service { Self.append("logger", label, to: &line) }
        Self.append("message", event.message.description, to: &line)
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            Self.append(Self.ownNames.contains(key) ? "_" + key : key, Self.text(value), to: &line)
        }
        line += "}\n"
        return line
    }

    private static func text(_ value: Logger.MetadataValue) -> String {
        if case .string(let text) = value { text } else { value.description }
    }

    private static func append(_ name: String, _ value: String, to line: inout String) {
        line += ","
        quote(name, into: &line)
        line += ":"
        quote(value, into: &line)
    }

    /// A JSON string (RFC 8259, section 7).
    private static func quote(_ text: String, into line: inout String) {
        line += "\""
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
            line += text
        } else {
            for scalar in text.unicodeScalars { escape(scalar, into: &line) }
        }
        line += "\""
    }

    private static func escape(_ scalar: Unicode.Scalar, into line: inout String) {
        switch scalar {
        case "\"": line += "\\\""
        case "\\": line += "\\\\"
        case "\n": line += "\\n"
        case "\r": line += "\\r"
        case "\t": line += "\\t"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: line.unicodeScalars.append(scalar)
        }
    }
}
