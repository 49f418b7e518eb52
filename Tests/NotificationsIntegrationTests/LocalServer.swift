import Foundation

/// A Python server of the Servers folder, running as a process on a port of its own choice until it is released.
final class LocalServer: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let python = "/usr/bin/python3"

    let port: Int

    private let process: Process
    private let lines: AsyncStream<String>

    /// Returns when the server listens.
    init(script: [UInt8], arguments: [String] = []) async throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: Self.python)
        process.arguments = ["-c", String(decoding: script, as: UTF8.self)] + arguments
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        let lines = Self.lines(of: pipe.fileHandleForReading)
        try process.run()
        guard let first = await lines.first(where: { _ in true }), let port = Int(first) else {
            process.terminate()
            throw Failure(description: "the server did not start")
        }
        self.port = port
        self.process = process
        self.lines = lines
    }

    deinit {
        process.terminate()
    }

    /// The next line the server prints; waits for it.
    func nextLine() async throws -> String {
        guard let line = await lines.first(where: { _ in true }) else { throw Failure(description: "the server ended") }
        return line
    }

    /// What the server has left to say when it is told to end. Nothing listens any more afterwards.
    func remainingLines() async -> [String] {
        process.terminate()
        var remaining: [String] = []
        for await line in lines {
            if line == "end" { break }
            remaining.append(line)
        }
        return remaining
    }

    /// Reads on a thread of the system, because a test's thread that blocks may be the one the sender needs.
    private static func lines(of handle: FileHandle) -> AsyncStream<String> {
        AsyncStream { continuation in
            // Only the handler, which is never called twice at once, uses the buffer.
            nonisolated(unsafe) var buffer: [UInt8] = []
            handle.readabilityHandler = { handle in
                let bytes = handle.availableData
                guard !bytes.isEmpty else {
                    handle.readabilityHandler = nil
                    continuation.finish()
                    return
                }
                buffer += bytes
                while let end = buffer.firstIndex(of: 0x0a) {
                    continuation.yield(String(decoding: buffer[..<end], as: UTF8.self))
                    buffer.removeSubrange(...end)
                }
            }
        }
    }
}
