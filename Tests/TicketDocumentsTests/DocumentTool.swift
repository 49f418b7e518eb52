import Dispatch
import Foundation

/// Programs nobody here wrote, used to read what we draw: poppler for PDF, zbar for QR codes.
enum DocumentTool {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let areAvailable = ["pdftoppm", "pdftotext", "pdfinfo", "zbarimg"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }

    /// What a PDF says about itself, by pdfinfo's names.
    static func information(of pdf: [UInt8]) async throws -> [String: String] {
        try await withFile(pdf, "pdf") { path in
            let lines = String(decoding: try await run("pdfinfo", ["-isodates", path]), as: UTF8.self).split(
                separator: "\n")
            return lines.reduce(into: [:]) { result, line in
                let halves = line.split(separator: ":", maxSplits: 1)
                if halves.count == 2 { result[String(halves[0])] = halves[1].trimmingCharacters(in: .whitespaces) }
            }
        }
    }

    /// The text of one page, with white space made single spaces.
    static func text(of pdf: [UInt8], page: Int) async throws -> String {
        try await withFile(pdf, "pdf") { path in
            let text = String(
                decoding: try await run("pdftotext", ["-f", "\(page)", "-l", "\(page)", path, "-"]), as: UTF8.self)
            return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    /// The boxes of all words of one page: left, top, right, bottom in points.
    static func wordBoxes(of pdf: [UInt8], page: Int) async throws -> [(word: String, box: [Double])] {
        try await withFile(pdf, "pdf") { path in
            let text = String(
                decoding: try await run("pdftotext", ["-bbox", "-f", "\(page)", "-l", "\(page)", path, "-"]),
                as: UTF8.self)
            let pattern = #/<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<\/word>/#
            return text.matches(of: pattern).map { match -> (word: String, box: [Double]) in
                let numbers = [match.1, match.2, match.3, match.4].compactMap { Double($0) }
                return (word: String(match.5), box: numbers)
            }
        }
    }

    /// A page as a PNG picture at the given resolution.
    static func picture(of pdf: [UInt8], page: Int, dotsPerInch: Int) async throws -> [UInt8] {
        try await withFile(pdf, "pdf") { path in
            Array(try await run("pdftoppm", ["-png", "-r", "\(dotsPerInch)", "-f", "\(page)", "-l", "\(page)", path]))
        }
    }

    /// A page as a pixmap: red, green and blue of each pixel, a byte each.
    static func pixels(
        of pdf: [UInt8], page: Int, dotsPerInch: Int
    ) async throws -> (width: Int, bytes: ArraySlice<UInt8>) {
        let pixmap = try await withFile(pdf, "pdf") { path in
            Array(try await run("pdftoppm", ["-r", "\(dotsPerInch)", "-f", "\(page)", "-l", "\(page)", path]))
        }
        // A portable pixmap: "P6", width, height and 255, each followed by white space, then three bytes per pixel.
        let fields = pixmap.prefix(64).split(maxSplits: 4) { $0 == 0x0a || $0 == 0x20 }.map { Array($0) }
        guard fields.count == 5, let width = Int(String(decoding: fields[1], as: UTF8.self)) else {
            throw Failure(description: "pdftoppm wrote no pixmap")
        }
        return (width, pixmap[fields[..<4].reduce(4) { $0 + $1.count }...])
    }

    /// Where a page is pure black, which only the code is: left, top, right, bottom in points.
    static func blackBox(of pdf: [UInt8], page: Int) async throws -> [Double] {
        let dotsPerInch = 144
        let (width, bytes) = try await pixels(of: pdf, page: page, dotsPerInch: dotsPerInch)
        var box = [Double.infinity, .infinity, -.infinity, -.infinity]
        for pixel in 0..<(bytes.count / 3) {
            let offset = bytes.startIndex + pixel * 3
            guard bytes[offset] == 0, bytes[offset + 1] == 0, bytes[offset + 2] == 0 else { continue }
            let (x, y) = (Double(pixel % width), Double(pixel / width))
            box = [min(box[0], x), min(box[1], y), max(box[2], x + 1), max(box[3], y + 1)]
        }
        return box.map { $0 * 72 / Double(dotsPerInch) }
    }

    /// The texts of the codes that zbar reads in a picture.
    static func codes(in png: [UInt8]) async throws -> [String] {
        try await withFile(png, "png") { path in
            let text = String(
                decoding: try await run("zbarimg", ["-q", "--raw", "-Sdisable", "-Sqrcode.enable", path]), as: UTF8.self
            )
            return text.split(separator: "\n").map(String.init)
        }
    }

    private static func withFile<Result>(
        _ bytes: [UInt8], _ suffix: String, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "ticket-\(UUID().uuidString).\(suffix)")
        try Data(bytes).write(to: url)
        // A leftover in the temporary folder harms nobody.
        defer { try? FileManager.default.removeItem(at: url) }
        return try await body(url.path)
    }

    /// Waits on a thread of the system: there are few of the kind that tests run on, and other tests need them.
    private static func run(_ tool: String, _ arguments: [String]) async throws -> Data {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try runAndWait(tool, arguments) })
            }
        }
    }

    private static func runAndWait(_ tool: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/\(tool)")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(tool) ended with \(process.terminationStatus)")
        }
        return data
    }
}
