import Foundation

/// Running a program to its end.
enum ChildProcess {
    /// Runs a program and returns what it wrote to its standard output and error.
    ///
    /// - Throws: ``PrivateBrokerError`` with the output if the program fails.
    @discardableResult
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String], folder: URL
    ) async throws -> String {
        // A file and not a pipe: a pipe that nobody reads blocks the program once it is full.
        let output = folder.appending(path: "output-\(UUID().uuidString)")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }  // What is left goes away with the folder.
        let handle = try FileHandle(forWritingTo: output)

        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder
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
        let text = try String(contentsOf: output, encoding: .utf8)
        guard process.terminationStatus == 0 else {
            throw PrivateBrokerError("\(program) \(arguments) ended with \(process.terminationStatus): \(text)")
        }
        return text
    }
}
