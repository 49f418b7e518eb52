import Foundation

/// Other programs, run to their ends.
enum Program {
    struct Ended {
        var status: Int32
        /// Standard output and standard error.
        var output: String
    }

    /// A program that was started.
    struct Running {
        fileprivate let name: String
        fileprivate let process: Process
        fileprivate let output: Pipe

        /// Waits for the end.
        func end() -> Ended {
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return Ended(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
        }

        /// Waits for a good end.
        /// - Returns: what it has written.
        /// - Throws: when it does not end well.
        @discardableResult
        func finish() throws -> String {
            let ended = end()
            guard ended.status == 0 else {
                throw BenchError("\(name) ended with \(ended.status): \(ended.output.suffix(2000))")
            }
            return ended.output
        }
    }

    /// - Parameters:
    ///   - environment: in place of the generator's own.
    ///   - input: what the program reads.
    static func start(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil, input: String? = nil
    ) throws -> Running {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        if let environment { process.environment = environment }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        let source = input.map { _ in Pipe() }
        process.standardInput = source ?? FileHandle.nullDevice
        try process.run()
        if let source, let input {
            try source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try source.fileHandleForWriting.close()
        }
        return Running(name: executable, process: process, output: output)
    }
}
