import Foundation
import Testing

@testable import TicketDocuments

@Suite("A ticket PDF", .enabled(if: DocumentTool.areAvailable, "needs poppler-utils and zbar-tools"))
struct TicketPDFTests {
    private func render(_ sheet: TicketSheet) throws -> [UInt8] {
        try TicketPDF.render(sheet, createdAt: SampleSheets.createdAt)
    }

    @Test("Each ticket has its page, whose code a scanner reads at screen and at print resolution")
    func scanned() async throws {
        let sheet = SampleSheets.usual
        let pdf = try render(sheet)
        for (index, face) in sheet.tickets.enumerated() {
            for resolution in [72, 150, 300] {
                let picture = try await DocumentTool.picture(of: pdf, page: index + 1, dotsPerInch: resolution)
                #expect(try await DocumentTool.codes(in: picture) == [face.code], "\(resolution) dpi")
            }
        }
        #expect(try await DocumentTool.information(of: pdf)["Pages"] == "2")
    }

    @Test("The code is at least 45 mm wide, whether its text is short or long", arguments: ["1", SampleSheets.code])
    func symbolSize(code: String) async throws {
        let pdf = try render(SampleSheets.filled("Voelgoed", code: code))
        let box = try await DocumentTool.blackBox(of: pdf, page: 1)
        let millimetres = [box[2] - box[0], box[3] - box[1]].map { $0 / 72 * 25.4 }
        #expect(millimetres.allSatisfy { (45...60).contains($0) }, "\(millimetres)")
    }

    @Test("Every value and label is on the page as text")
    func text() async throws {
        let sheet = SampleSheets.usual
        let pdf = try render(sheet)
        for (index, face) in sheet.tickets.enumerated() {
            let text = try await DocumentTool.text(of: pdf, page: index + 1)
            let expected = [
                sheet.eventName, sheet.occurrenceName ?? "", sheet.startsAt, "until 21:00", sheet.timezone,
                sheet.venueName, "Rhodes Drive, Newlands Cape Town 7735", sheet.organizerName, sheet.orderCode,
                sheet.buyerName, face.ticketTypeName, face.holderName, face.priceText, face.confirmationCode,
                "TICKET \(index + 1) OF 2", "Page \(index + 1) of 2",
            ]
            for value in expected { #expect(text.contains(value), "\(value) on page \(index + 1)") }
        }
        let first = try await DocumentTool.text(of: pdf, page: 1)
        #expect(first.contains("glass is not allowed. Parking is free"))
        #expect(!(try await DocumentTool.text(of: pdf, page: 2)).contains("GOOD TO KNOW"))
    }

    @Test(
        "Names of many scripts are drawn with real glyphs and can be copied out again",
        arguments: [
            "Zoë Günther-Nuñez", "Łukasz Żółć", "Нина Чернышевская", "Ελένη Παπαδοπούλου", "Nguyễn Thị Hồng",
            "محمد عبد الله", "יעל כהן", "नमिता शर्मा", "ทองดี", "ქეთევან", "Գայանե", "ቅድስት",
        ])
    func scripts(name: String) async throws {
        var sheet = SampleSheets.usual
        sheet.tickets[0].holderName = name
        let text = try await DocumentTool.text(of: render(sheet), page: 1)
        // Right-to-left text may come out with marks that say so; spaces inside complex scripts are the reader's guess.
        let plain: (String) -> String = { text in
            String(text.unicodeScalars.filter { !(0x200e...0x202e).contains($0.value) && $0 != " " })
                .precomposedStringWithCompatibilityMapping
        }
        let words = name.split(separator: " ").map { plain(String($0)) }
        #expect(words.allSatisfy(plain(text).contains), "\(text)")
    }

    @Test("However long or odd the texts are, every word stays on one page, off the code, and the code still scans")
    func hostileTexts() async throws {
        let texts = [
            String(repeating: "An extraordinarily long name that goes on ", count: 100),
            String(repeating: "W", count: 3000),
            String(repeating: "línea\n", count: 200),
            "Z" + String(repeating: "\u{0301}\u{0327}", count: 60) + "algo",
            String(repeating: "محمد ", count: 300),
            String(repeating: "漢字", count: 500),
            "a\u{0}b\u{1b}[31m\tc\r\nd\u{202e}evil",
        ]
        for text in texts {
            let pdf = try render(SampleSheets.filled(text))
            #expect(try await DocumentTool.information(of: pdf)["Pages"] == "1")
            let picture = try await DocumentTool.picture(of: pdf, page: 1, dotsPerInch: 100)
            #expect(try await DocumentTool.codes(in: picture) == [SampleSheets.code], "\(text.prefix(20))")
            let symbol = try await DocumentTool.blackBox(of: pdf, page: 1)
            let words = try await DocumentTool.wordBoxes(of: pdf, page: 1)
            let admission = try #require(words.last { $0.word == "pictures" })
            #expect(admission.box[3] <= PDFCanvas.pageHeight - 56, "the last text touches the footer")
            for (word, box) in words {
                #expect(box[0] >= 40 && box[2] <= PDFCanvas.pageWidth - 40, "\(word) \(box)")
                #expect(box[1] >= 0 && box[3] <= PDFCanvas.pageHeight, "\(word) \(box)")
                let isBeside =
                    box[2] <= symbol[0] || box[0] >= symbol[2] || box[3] <= symbol[1] || box[1] >= symbol[3]
                #expect(isBeside, "\(word) touches the code")
            }
        }
    }

    @Test("A long name gets smaller and wraps before it is cut short")
    func longNames() async throws {
        var sheet = SampleSheets.usual
        sheet.tickets[0].holderName = "Prinses Wilhelmina Johanna Elizabeth Magdalena van Rensburg-Oosthuizen"
        sheet.eventName =
            "The Twenty-Seventh Annual Klein Karoo Nasionale Kunstefees and International Festival of "
            + "Contemporary Dance, Theatre, Literature and Music of the Southern Cape"
        let text = try await DocumentTool.text(of: render(sheet), page: 1)
        #expect(text.contains(sheet.tickets[0].holderName))
        #expect(text.contains(sheet.eventName))
        #expect(!text.contains("…"))
    }

    @Test("The same sheet gives the same bytes, and another creation time others")
    func deterministic() throws {
        let first = try render(SampleSheets.usual)
        #expect(try render(SampleSheets.usual) == first)
        let later = try TicketPDF.render(SampleSheets.usual, createdAt: SampleSheets.createdAt.addingTimeInterval(60))
        #expect(later != first)
    }

    @Test("What was drawn before, however much, changes no byte of a document")
    func keptLayouts() throws {
        let expected = try render(SampleSheets.usual)
        for number in 0..<120 {
            var sheet = SampleSheets.usual
            sheet.eventName = "Event \(number)"
            sheet.buyerName = "Buyer \(number)"
            sheet.tickets[0].holderName = "Holder \(number)"
            _ = try render(sheet)
        }
        #expect(try render(SampleSheets.usual) == expected)
    }

    @Test("Many pages are rendered at once on different threads to the same bytes")
    func concurrent() async throws {
        let expected = try render(SampleSheets.usual)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<24 { group.addTask { try self.render(SampleSheets.usual) == expected } }
            for try await isEqual in group { #expect(isEqual) }
        }
    }

    @Test("The document's properties name the event, the order, the organiser and the given time")
    func metadata() async throws {
        let information = try await DocumentTool.information(of: render(SampleSheets.usual))
        #expect(information["Title"] == "Kirstenbosch Summer Sunset Concerts – Order 7KQ4-MX2P")
        #expect(information["Author"] == "Voelgoed Live")
        #expect(information["CreationDate"] == "2026-12-05T20:00:05Z")
        #expect(information["ModDate"] == "2026-12-05T20:00:05Z")
        #expect(information["Page size"]?.hasPrefix("595.276 x 841.89 pts (A4)") == true)
    }

    @Test("Labels follow the chosen wording")
    func wording() async throws {
        var sheet = SampleSheets.usual
        sheet.wording = .afrikaans
        let text = try await DocumentTool.text(of: render(sheet), page: 2)
        for label in ["KAARTJIEHOUER", "BEVESTIGINGSKODE", "KAARTJIE 2 VAN 2", "Bladsy 2 van 2"] {
            #expect(text.contains(label), "\(label)")
        }
    }

    @Test("A sheet without tickets, and a ticket whose code no symbol holds, are refused")
    func refused() {
        var sheet = SampleSheets.usual
        sheet.tickets[1].code = String(repeating: "a", count: 5000)
        #expect(throws: TicketDocumentError.codeNotEncodable) { try self.render(sheet) }
        sheet.tickets = []
        #expect(throws: TicketDocumentError.noTickets) { try self.render(sheet) }
    }

    @Test("Text on the organiser's colour always has a readable contrast")
    func contrast() throws {
        for red in stride(from: 0, through: 255, by: 15) {
            for green in stride(from: 0, through: 255, by: 15) {
                for blue in stride(from: 0, through: 255, by: 51) {
                    let color = TicketColor(
                        red: Double(red) / 255, green: Double(green) / 255, blue: Double(blue) / 255)
                    let (lighter, darker) = (
                        max(color.luminance, color.textColor.luminance), min(color.luminance, color.textColor.luminance)
                    )
                    // WCAG asks 3 of large text; white or ink always gives more.
                    #expect((lighter + 0.05) / (darker + 0.05) >= 4)
                }
            }
        }
    }

    @Test("A colour is read from its usual notation and from nothing else")
    func colors() {
        #expect(TicketColor(hexadecimal: "#ff8000") == TicketColor(red: 1, green: 128.0 / 255, blue: 0))
        #expect(TicketColor(hexadecimal: "FF8000") == TicketColor(hexadecimal: "#ff8000"))
        for text in ["", "#", "#fff", "#ff80000", "+f8000", "#-f8000", "#gg0000", "１２３４５６"] {
            #expect(TicketColor(hexadecimal: text) == nil, "\(text)")
        }
    }
}
