import Configuration
import Contracts
import Synchronization

/// A service's configuration. Every key is read through here with its documentation, its default and what it allows, so that
/// `<service> settings` can print them all, and a bad value stops the start with the key and the allowed values.
///
/// A key such as `hold.seconds` is the environment variable `VOELGOED_HOLD_SECONDS`.
public final class ServiceSettings: Sendable {
    /// One documented key.
    public struct Entry: Sendable, Equatable {
        public let variable: String
        public let allowed: String
        /// Nil when the key is required.
        public let defaultValue: String?
        public let documentation: String
    }

    public let service: ServiceName
    private let reader: ConfigReader
    private let known = Mutex<[Entry]>([])
    private let isDocumenting: Bool

    /// - Parameter isDocumenting: reads nothing: every value is its default, or a text that stands for a required one. For
    ///   listing the keys.
    public init(service: ServiceName, reader: ConfigReader, isDocumenting: Bool = false) {
        self.service = service
        self.reader = reader.scoped(to: "voelgoed")
        self.isDocumenting = isDocumenting
    }

    /// The keys that were asked for, by name.
    public var entries: [Entry] { known.withLock { $0.sorted { $0.variable < $1.variable } } }

    public func string(_ key: String, default defaultValue: String, _ documentation: String) throws -> String {
        note(key, allowed: "text", default: defaultValue, documentation)
        return value(key) ?? defaultValue
    }

    public func requiredString(_ key: String, _ documentation: String) throws -> String {
        note(key, allowed: "text", default: nil, documentation)
        return try required(key, documentation)
    }

    /// A required value that must not appear in any log.
    public func secret(_ key: String, _ documentation: String) throws -> String {
        note(key, allowed: "text, secret", default: nil, documentation)
        return try required(key, documentation)
    }

    public func integer(
        _ key: String, default defaultValue: Int, in allowed: ClosedRange<Int>, _ documentation: String
    ) throws -> Int {
        let range = "\(allowed.lowerBound) to \(allowed.upperBound)"
        note(key, allowed: range, default: String(defaultValue), documentation)
        guard let text = value(key) else { return defaultValue }
        guard let number = Int(text), allowed.contains(number) else {
            throw SettingError(variable: Self.variable(key), problem: "must be a whole number from \(range)")
        }
        return number
    }

    public func boolean(_ key: String, default defaultValue: Bool, _ documentation: String) throws -> Bool {
        note(key, allowed: "true, false", default: String(defaultValue), documentation)
        guard let text = value(key) else { return defaultValue }
        guard let boolean = Bool(text) else {
            throw SettingError(variable: Self.variable(key), problem: "must be true or false")
        }
        return boolean
    }

    public func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, default defaultValue: Choice, _ documentation: String
    ) throws -> Choice {
        let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        note(key, allowed: allowed, default: defaultValue.rawValue, documentation)
        guard let text = value(key) else { return defaultValue }
        guard let choice = Choice(rawValue: text) else {
            throw SettingError(variable: Self.variable(key), problem: "must be one of \(allowed)")
        }
        return choice
    }

    /// The environment variable of a key.
    public static func variable(_ key: String) -> String {
        "VOELGOED_" + key.uppercased().replacing(".", with: "_").replacing("-", with: "_")
    }

    private func value(_ key: String) -> String? {
        guard !isDocumenting, let text = reader.string(forKey: ConfigKey(key)), !text.isEmpty else { return nil }
        return text
    }

    private func required(_ key: String, _ documentation: String) throws -> String {
        if isDocumenting { return Self.standIn(for: key) }
        guard let text = value(key) else {
            throw SettingError(variable: Self.variable(key), problem: "is required: \(documentation)")
        }
        return text
    }

    private func note(_ key: String, allowed: String, default defaultValue: String?, _ documentation: String) {
        let entry = Entry(
            variable: Self.variable(key), allowed: allowed, defaultValue: defaultValue, documentation: documentation)
        known.withLock { known in
            if !known.contains(entry) { known.append(entry) }
        }
    }

    /// A text of the right form for listing the keys of a service without its environment.
    private static func standIn(for key: String) -> String {
        if key.hasSuffix("url") {
            if key.contains("rabbitmq") { return "amqp://user:password@127.0.0.1:5672/voelgoed" }
            if key.contains("database") { return "postgres://user:password@127.0.0.1:5432/voelgoed" }
            if key.contains("smtp") { return "smtp://127.0.0.1:25" }
            return "http://127.0.0.1"
        }
        return "documentation-of-this-key-needs-no-real-value"
    }
}

/// A configuration value that stops the start.
public struct SettingError: Error, CustomStringConvertible, Sendable {
    public let variable: String
    public let problem: String

    public init(variable: String, problem: String) {
        self.variable = variable
        self.problem = problem
    }

    public var description: String { "\(variable) \(problem)" }
}
