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
    static func information(of pdf: [UInt8]) throws -> [String: String] {
        try withFile(pdf, "pdf") { path in
            let lines = String(decoding: try run("pdfinfo", ["-isodates", path]), as: UTF8.self).split(separator: "\n")
            return lines.reduce(into: [:]) { result, line in
                let halves = line.split(separator: ":", maxSplits: 1)
                if halves.count == 2 { result[String(halves[0])] = halves[1].trimmingCharacters(in: .whitespaces) }
            }
        }
    }

    /// The text of one page, with white space made single spaces.
    static func text(of pdf: [UInt8], page: Int) throws -> String {
        try withFile(pdf, "pdf") { path in
            let text = String(
                decoding: try run("pdftotext", ["-f", "\(page)", "-l", "\(page)", path, "-"]), as: UTF8.self)
            return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    /// The boxes of all words of one page: left, top, right, bottom in points.
    static func wordBoxes(of pdf: [UInt8], page: Int) throws -> [(word: String, box: [Double])] {
        try withFile(pdf, "pdf") { path in
            let text = String(
                decoding: try run("pdftotext", ["-bbox", "-f", "\(page)", "-l", "\(page)", path, "-"]), as: UTF8.self)
            let pattern = #/<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<\/word>/#
            return text.matches(of: pattern).map { match -> (word: String, box: [Double]) in
                let numbers = [match.1, match.2, match.3, match.4].compactMap { Double($0) }
                return (word: String(match.5), box: numbers)
            }
        }
    }

    /// A page as a PNG picture at the given resolution.
    static func picture(of pdf: [UInt8], page: Int, dotsPerInch: Int) throws -> [UInt8] {
        try withFile(pdf, "pdf") { path in
            Array(try run("pdftoppm", ["-png", "-r", "\(dotsPerInch)", "-f", "\(page)", "-l", "\(page)", path]))
        }
    }

    /// A code that zbar reads in a picture, and the box its corners span in pixels: left, top, right, bottom.
    static func codes(in png: [UInt8]) throws -> [(text: String, box: [Double])] {
        try withFile(png, "png") { path in
            let xml = String(
                decoding: try run("zbarimg", ["-q", "--xml", "-Sdisable", "-Sqrcode.enable", path]), as: UTF8.self)
            let pattern = #/<polygon points='([^']*)'\/><data><!\[CDATA\[(.*?)\]\]><\/data>/#
            var codes: [(text: String, box: [Double])] = []
            for match in xml.matches(of: pattern.dotMatchesNewlines()) {
                let points: [[Double]] = match.output.1.split(separator: " ").map { point in
                    point.split(separator: ",").compactMap { Double($0) }
                }
                let across = points.compactMap { $0.first }
                let down = points.compactMap { $0.last }
                let box = [across.min() ?? 0, down.min() ?? 0, across.max() ?? 0, down.max() ?? 0]
                codes.append((text: String(match.output.2), box: box))
            }
            return codes
        }
    }

    private static func withFile<Result>(
        _ bytes: [UInt8], _ suffix: String, _ body: (String) throws -> Result
    ) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "ticket-\(UUID().uuidString).\(suffix)")
        try Data(bytes).write(to: url)
        // A leftover in the temporary folder harms nobody.
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    private static func run(_ tool: String, _ arguments: [String]) throws -> Data {
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
