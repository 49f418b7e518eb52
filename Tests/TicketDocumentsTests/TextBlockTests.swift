import Testing

@testable import TicketDocuments

@Suite("A text block")
struct TextBlockTests {
    private static let texts = [
        "Anneke van der Merwe",
        String(repeating: "An extraordinarily long name that goes on ", count: 100),
        String(repeating: "W", count: 3000),
        String(repeating: "línea\n", count: 200),
        "Z" + String(repeating: "\u{0301}\u{0327}", count: 60) + "algo",
        String(repeating: "محمد ", count: 300),
        String(repeating: "शर्मा ", count: 300),
    ]

    @Test("It never takes up more than its maximum height, whatever the text", arguments: texts)
    func maximumHeight(text: String) throws {
        let typesetter = try Typesetter()
        for limit in [12.0, 20, 33.5, 124] {
            for width in [60.0, 250, 500] {
                let style = TextStyle(size: 16, minimumSize: 7)
                let block = try #require(typesetter.block(text, style, width: width, maximumHeight: limit))
                #expect(block.height <= limit, "\(width) by \(limit)")
                #expect(block.height > 0)
            }
        }
    }

    @Test("Text with room enough keeps its size, and with less room gets smaller")
    func sizes() throws {
        let typesetter = try Typesetter()
        let style = TextStyle(size: 20, minimumSize: 5)
        let height: (Double) throws -> Double = { limit in
            try #require(typesetter.block("One line", style, width: 400, maximumHeight: limit)).height
        }
        let natural = try height(500)
        #expect((18.0...32).contains(natural))
        #expect(try height(natural) == natural)
        #expect(try height(natural / 2) <= natural / 2)
    }

    @Test(
        "Empty text, white space and control characters alone make no block",
        arguments: ["", " \n\t ", "\u{0}\u{7}"])
    func empty(text: String) throws {
        let typesetter = try Typesetter()
        let style = TextStyle(size: 10, minimumSize: 5)
        #expect(typesetter.block(text, style, width: 100, maximumHeight: 100) == nil)
    }

    @Test("A column puts each text below the one before")
    func columns() throws {
        let canvas = try PDFCanvas(Typesetter())
        let style = TextStyle(size: 10, minimumSize: 5)
        var column = TextColumn(x: 0, top: 50, width: 100, canvas: canvas)
        column.add("first", style, maximumHeight: 40)
        let first = column.bottom
        #expect(first > 50)
        column.add(nil, style, maximumHeight: 40, spaceBefore: 9)
        column.add("", style, maximumHeight: 40, spaceBefore: 9)
        #expect(column.bottom == first)
        column.add("second", style, maximumHeight: 40, spaceBefore: 9)
        #expect(column.bottom > first + 9)
        let second = column.bottom
        column.move(down: 7)
        #expect(column.bottom == second + 7)
    }
}
