import Foundation

/// Other programs, run to their ends.
enum Program {
    struct Ended {
        var status: Int32
        /// Standard output and standard error.
        var output: String
    }

    /// - Parameters:
    ///   - environment: in place of the generator's own.
    ///   - input: what the program reads.
    static func run(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil, input: String? = nil
    ) throws -> Ended {
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
            source.fileHandleForWriting.write(Data(input.utf8))
            try source.fileHandleForWriting.close()
        }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ended(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
    }

    /// - Throws: when it does not end well.
    static func demand(_ executable: String, _ arguments: [String], input: String? = nil) throws -> String {
        let ended = try run(executable, arguments, input: input)
        guard ended.status == 0 else {
            throw BenchError("\(executable) ended with \(ended.status): \(ended.output.suffix(2000))")
        }
        return ended.output
    }
}
