import Foundation

/// Running a program to its end.
enum Program {
    /// - Returns: its exit status and what it wrote.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String]
    ) async throws -> (status: Int32, output: String) {
        // A file and not a pipe: a pipe that nobody reads blocks the program once it is full.
        let file = FileManager.default.temporaryDirectory.appending(path: "voelgoed-faults-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }  // A leftover in the temporary folder harms nobody.
        let handle = try FileHandle(forWritingTo: file)
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
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
