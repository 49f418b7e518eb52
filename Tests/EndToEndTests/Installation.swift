import Foundation
import Testing

/// The running platform that `deploy/test` has started: the built executables under their supervisor, with the servers of the
/// test run.
enum Installation {
    private static let environment = ProcessInfo.processInfo.environment

    static let isRunning = environment["VOELGOED_TEST_OPERATOR_VOELGOED_GATEWAY_URL"] != nil
    static let whyNot: Comment = "run through deploy/test, which starts the platform"

    static func value(_ name: String) throws -> String {
        try #require(environment[name], "\(name) is not set")
    }

    static var gatewayURL: String { get throws { try value("VOELGOED_TEST_OPERATOR_VOELGOED_GATEWAY_URL") } }
    static var platformKey: String { get throws { try value("VOELGOED_TEST_OPERATOR_VOELGOED_PLATFORM_KEY") } }

    /// The second gateway's address: its port follows the first one's.
    static var secondGatewayURL: String {
        get throws {
            let first = try #require(URLComponents(string: gatewayURL))
            return "http://127.0.0.1:\(try #require(first.port) + 1)"
        }
    }

    /// Runs the operator's tool.
    static func operate(_ arguments: String...) async throws -> (status: Int32, output: String) {
        var variables = environment
        for (name, value) in environment where name.hasPrefix("VOELGOED_TEST_OPERATOR_VOELGOED_") {
            variables[String(name.dropFirst("VOELGOED_TEST_OPERATOR_".count))] = value
        }
        return try await Program.run(try value("VOELGOED_TEST_OPERATOR"), arguments, environment: variables)
    }

    /// Demands that no invariant is violated. What has only just begun gets time to end.
    static func demandClean(within limit: Duration = .seconds(60)) async throws {
        var output = ""
        let isClean = try await eventually(within: limit) {
            let (status, text) = try await operate("fsck", "--grace", "0")
            output = text
            return status == 0
        }
        #expect(isClean, "\(output)")
    }

    /// The process ids by name, as the supervisor keeps them.
    static func processes() throws -> [String: Int32] {
        struct Plan: Decodable {
            var state_file: String
        }
        struct State: Decodable {
            struct Process: Decodable {
                var name: String
                var pid: Int32
            }
            var processes: [Process]
        }
        let planPath = try value("VOELGOED_TEST_OPERATOR_VOELGOED_PLAN")
        let plan = try JSONDecoder().decode(Plan.self, from: Data(contentsOf: URL(filePath: planPath)))
        let state = try JSONDecoder().decode(State.self, from: Data(contentsOf: URL(filePath: plan.state_file)))
        return Dictionary(uniqueKeysWithValues: state.processes.map { ($0.name, $0.pid) })
    }
}

/// Waits until a condition holds, looking again and again; false when it does not come to hold in time.
func eventually(
    within limit: Duration = .seconds(30), every pause: Duration = .milliseconds(100),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
        if try await condition() { return true }
        if ContinuousClock.now >= deadline { return false }
        // Each look asks a whole platform: without a pause the looks would be most of its load.
        try await ContinuousClock().sleep(until: .now + pause)
    }
}

/// Running a program to its end.
enum Program {
    /// - Parameter isQuiet: leaves out what it writes to standard error.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = ProcessInfo.processInfo.environment,
        isQuiet: Bool = false
    ) async throws -> (status: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "voelgoed-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }  // A leftover in the temporary folder harms nobody.
        let handle = try FileHandle(forWritingTo: file)
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = isQuiet ? FileHandle.nullDevice : handle
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        try handle.close()
        return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
    }
}
