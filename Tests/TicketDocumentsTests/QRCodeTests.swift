import Foundation
import Testing

@testable import TicketDocuments

@Suite("A QR code", .enabled(if: DocumentTool.areAvailable, "needs poppler-utils and zbar-tools"))
struct QRCodeTests {
    @Test(
        "A scanner reads the picture's text back, whatever the text",
        arguments: [
            "1", "0123456789012345", SampleSheets.code, "https://events.example/t/4f1d?x=1&y=2",
            "Zoë 山田 नमस्ते", String(repeating: "A", count: 1000),
        ])
    func scanned(text: String) async throws {
        for scale in [3, 8] {
            let codes = try await DocumentTool.codes(in: QRCode.png(text, scale: scale))
            #expect(codes == [text])
        }
    }

    @Test("A scanner reads every level of correction", arguments: QRCode.Correction.allCases)
    func corrections(correction: QRCode.Correction) async throws {
        let png = try QRCode.png(SampleSheets.code, scale: 4, correction: correction)
        #expect(try await DocumentTool.codes(in: png) == [SampleSheets.code])
    }

    @Test("More correction never makes the symbol smaller, and the most makes it larger than the least")
    func correctionSizes() throws {
        let sizes = try [QRCode.Correction.low, .medium, .quartile, .high].map {
            try QRCode.modules(SampleSheets.code, correction: $0).size
        }
        #expect(sizes == sizes.sorted())
        #expect(sizes[0] < sizes[3])
    }

    @Test("A ticket code uses the alphanumeric mode, and so fits version 6; in lower case it does not")
    func alphanumericMode() throws {
        #expect(try QRCode.modules(SampleSheets.code).size == 41)
        #expect(try QRCode.modules(SampleSheets.code.lowercased()).size > 41)
    }

    @Test("Digits alone use the numeric mode: 77 of them fit version 3")
    func numericMode() throws {
        #expect(try QRCode.modules(String(repeating: "7", count: 77), correction: .quartile).size == 29)
        #expect(try QRCode.modules(String(repeating: "A", count: 77), correction: .quartile).size > 29)
    }

    @Test("The matrix has the three finder patterns of every symbol")
    func finderPatterns() throws {
        let matrix = try QRCode.modules("voelgoed")
        let pattern = [
            "1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111",
        ]
        let far = matrix.size - 7
        for (top, left) in [(0, 0), (0, far), (far, 0)] {
            for (row, line) in pattern.enumerated() {
                let modules = (0..<7).map { matrix.isDark(row: top + row, column: left + $0) ? "1" : "0" }
                #expect(modules.joined() == line)
            }
        }
    }

    @Test("Runs of dark modules cover exactly the dark modules")
    func darkRuns() throws {
        let matrix = try QRCode.modules(SampleSheets.code)
        for row in 0..<matrix.size {
            let covered = Set(matrix.darkRuns(row: row).flatMap { Array($0) })
            let dark = Set((0..<matrix.size).filter { matrix.isDark(row: row, column: $0) })
            #expect(covered == dark)
        }
    }

    @Test("The picture is as many pixels wide as modules and quiet zone ask, and a PNG file")
    func pictureSize() throws {
        let png = try QRCode.png("voelgoed", scale: 5)
        #expect(Array(png.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        let width = png[16..<20].reduce(0) { $0 << 8 | Int($1) }
        let height = png[20..<24].reduce(0) { $0 << 8 | Int($1) }
        let expected = (try QRCode.modules("voelgoed").size + 8) * 5
        #expect(width == expected && height == expected)
        #expect(try QRCode.png("voelgoed", scale: 5) == png)
    }

    @Test("Text that is empty or too long, and a scale out of range, are refused")
    func refused() {
        for text in ["", String(repeating: "a", count: 2400), String(repeating: "1", count: 8000)] {
            #expect(throws: TicketDocumentError.codeNotEncodable) { try QRCode.modules(text) }
        }
        for scale in [0, -1, 41, .max] {
            #expect(throws: TicketDocumentError.scaleOutOfRange(allowed: 1...40)) {
                try QRCode.png("a", scale: scale)
            }
        }
    }
}
