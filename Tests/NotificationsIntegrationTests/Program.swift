import Dispatch
import Foundation

/// Programs nobody here wrote, used to judge what we send.
enum Program {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A Python with the packages that check conformance, where one is installed.
    static let conformancePython = ProcessInfo.processInfo.environment["VOELGOED_TEST_PYTHON"]

    /// The texts of the codes that zbar reads on the pages of a PDF.
    static func codes(inPDF pdf: Data) async throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tickets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover in the temporary folder harms nobody.
        let file = folder.appending(path: "tickets.pdf")
        try pdf.write(to: file)
        _ = try await run("/usr/bin/pdftoppm", ["-png", "-r", "150", file.path, folder.appending(path: "page").path])
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".png") }
        var codes: [String] = []
        for page in pages.sorted() { codes += try await self.codes(inPicture: folder.appending(path: page)) }
        return codes
    }

    /// The texts of the codes that zbar reads in a picture.
    static func codes(inPicture png: Data) async throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appending(path: "code-\(UUID().uuidString).png")
        try png.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }  // A leftover in the temporary folder harms nobody.
        return try await codes(inPicture: file)
    }

    private static func codes(inPicture file: URL) async throws -> [String] {
        try await run("/usr/bin/zbarimg", ["-q", "--raw", "-Sdisable", "-Sqrcode.enable", file.path])
            .split(separator: "\n").map(String.init)
    }

    /// Runs a program to its end, on a thread of the system: there are few of the kind that tests run on.
    static func run(_ path: String, _ arguments: [String]) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try runAndWait(path, arguments) })
            }
        }
    }

    private static func runAndWait(_ path: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(path) ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
