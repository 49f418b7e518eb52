import Foundation
import Testing

@testable import TicketDocuments

/// Tickets whose texts are simple are written without cairo; nobody is to see a difference.
@Suite("A ticket PDF that is written directly", .enabled(if: DocumentTool.areAvailable, "needs poppler-utils"))
struct LatinCanvasTests {
    /// As cairo draws it.
    private func drawn(_ sheet: TicketSheet) throws -> [UInt8] {
        let canvas = try PDFCanvas(Typesetter())
        try TicketPDF.draw(sheet, sheet.tickets.map { try QRCode.modules($0.code) }, on: canvas)
        return try canvas.finish()
    }

    private func written(_ sheet: TicketSheet) throws -> [UInt8] {
        try TicketPDF.render(sheet, createdAt: SampleSheets.createdAt)
    }

    private func isByCairo(_ pdf: [UInt8]) async throws -> Bool {
        try await DocumentTool.information(of: pdf)["Producer"]?.contains("cairo") == true
    }

    private static var sheets: [TicketSheet] {
        var foreign = SampleSheets.usual
        foreign.eventName = "Žižkov & Łódź: fjord – “Große Öffnung” · €5"
        foreign.tickets[0].holderName = "Nguyễn Thị Hồng"
        var long = SampleSheets.usual
        long.eventName = String(repeating: "A festival of very many words ", count: 6)
        return [SampleSheets.usual, foreign, long]
    }

    @Test("Each word stands where cairo puts it, and the page looks the same", arguments: sheets)
    func sameLook(sheet: TicketSheet) async throws {
        let (written, drawn) = (try written(sheet), try drawn(sheet))
        #expect(try await isByCairo(drawn))
        #expect(!(try await isByCairo(written)))
        for page in 1...sheet.tickets.count {
            let words = try await DocumentTool.wordBoxes(of: written, page: page)
            let expected = try await DocumentTool.wordBoxes(of: drawn, page: page)
            #expect(words.map(\.word) == expected.map(\.word))
            for (word, other) in zip(words, expected) {
                #expect(zip(word.box, other.box).allSatisfy { abs($0 - $1) < 0.3 }, "\(word) against \(other)")
            }
            let pixels = try await DocumentTool.pixels(of: written, page: page, dotsPerInch: 100).bytes
            let others = try await DocumentTool.pixels(of: drawn, page: page, dotsPerInch: 100).bytes
            // Edges of letters and modules differ in what falls on the border of a pixel.
            let different = zip(pixels, others).count { abs(Int($0) - Int($1)) > 96 }
            #expect(pixels.count == others.count)
            #expect(different * 1000 < pixels.count, "\(different) of \(pixels.count)")
        }
    }

    @Test(
        "A text that is cut short or needs more than one glyph for each letter is left to cairo",
        arguments: ["محمد عبد الله", "नमिता शर्मा", "Zoe\u{308}", "🎟️", String(repeating: "W", count: 3000)])
    func leftToCairo(name: String) async throws {
        var sheet = SampleSheets.usual
        sheet.tickets[1].holderName = name
        #expect(try await isByCairo(written(sheet)))
    }

    @Test("Letters beyond the usual ones are embedded, whatever documents came before")
    func unusualLetters() async throws {
        var sheet = SampleSheets.usual
        let names = [
            "Łukasz Żółć", "Đorđe Šarić", "Ștefan Țurcanu", "Ağaoğlu", "Ħamrun", "Ŵyn", "Ľubica", "Ķīlis", "Őri", "Ŭ",
        ]
        for name in names {
            sheet.tickets[0].holderName = name
            let first = try written(sheet)
            #expect(try await DocumentTool.text(of: first, page: 1).contains(name))
            #expect(try written(sheet) == first)
        }
        sheet.tickets[0].holderName = names[0]
        #expect(try await DocumentTool.text(of: written(sheet), page: 1).contains(names[0]))
    }
}
