import Foundation

/// The broker that tests share when they do not harm it. Each test uses names of its own in it.
public enum TestBroker {
    /// The environment variable with the broker's URL.
    public static let variable = "VOELGOED_TEST_RABBITMQ_URL"

    // Unstructured, because all tests of the process share the one start; a lazy static runs it once.
    private static let ownBroker = Task { try await PrivateBroker.start() }

    /// The URL from the environment, or else of a private broker that is started once for the test process.
    public static func url() async throws -> String {
        if let url = ProcessInfo.processInfo.environment[variable] {
            return url
        }
        return try await own().url
    }

    /// The private broker of the test process.
    static func own() async throws -> PrivateBroker {
        try await ownBroker.value
    }

    /// A name that no other test uses.
    public static func uniqueName(_ purpose: String) -> String {
        "test.\(purpose).\(UUID().uuidString.lowercased())"
    }
}
