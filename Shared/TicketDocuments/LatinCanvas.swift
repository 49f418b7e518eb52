import Foundation

/// Writes a PDF document without cairo, for texts that are a ``LatinText``: cairo would record each page, look through it,
/// and cut and compress the same fonts for every document, which costs several times as much.
final class LatinCanvas: TicketCanvas {
    let typesetter: Typesetter

    /// Whether all texts so far could be drawn. If not, the document is of no use.
    private(set) var isComplete = true

    private let metadata: String
    private var content = PDFContent(pageHeight: PDFCanvas.pageHeight)
    private var pages: [[UInt8]] = []
    private var faces: [(face: LatinFace, text: [UInt32: String])] = []
    private var gradients: [String] = []

    /// - Parameters: the document's properties.
    init(_ typesetter: Typesetter, title: String, author: String, createdAt: Date) {
        self.typesetter = typesetter
        let time = createdAt.ISO8601Format(.iso8601(timeZone: .gmt, dateSeparator: .omitted, timeSeparator: .omitted))
            .filter(\.isNumber)
        metadata =
            "<</Title \(PDFFile.text(title))/Author \(PDFFile.text(author))/Creator(Voelgoed Events)"
            + "/CreationDate(D:\(time)Z)/ModDate(D:\(time)Z)>>"
    }

    func fill(_ path: TicketPath, color: TicketColor) {
        set(color, operator: "rg")
        content.write(path)
        content.write("f")
    }

    func stroke(_ path: TicketPath, color: TicketColor, width: Double, dashes: [Double]) {
        set(color, operator: "RG")
        content.write(width, operator: "w")
        var pattern = Array("[".utf8)
        for dash in dashes {
            PDFContent.append(dash, to: &pattern)
            pattern.append(0x20)
        }
        content.write(pattern + Array("]0 d".utf8))
        content.write(path)
        content.write("S")
    }

    func fillGradient(
        within outline: TicketPath, left: Double, top: Double, right: Double, bottom: Double, from start: TicketColor,
        to end: TicketColor
    ) {
        let numbers: ([Double]) -> String = { numbers in
            var bytes = Array("[".utf8)
            for number in numbers {
                PDFContent.append(number, to: &bytes)
                bytes.append(0x20)
            }
            return String(decoding: bytes, as: UTF8.self) + "]"
        }
        let gradient =
            "<</ShadingType 2/ColorSpace/DeviceRGB/Coords\(numbers([left, top, right, bottom]))/Extend[true true]"
            + "/Function<</FunctionType 2/Domain[0 1]/N 1/C0\(numbers([start.red, start.green, start.blue]))"
            + "/C1\(numbers([end.red, end.green, end.blue]))>>>>"
        let index = gradients.firstIndex(of: gradient) ?? gradients.count
        if index == gradients.count { gradients.append(gradient) }
        content.write("q")
        content.write(outline)
        content.write("W n")
        content.write(TicketPath.rectangle(x: left, y: top, width: right - left, height: bottom - top))
        content.write("W n")
        content.write("/S\(index) sh")
        content.write("Q")
    }

    func drawSymbol(_ matrix: QRMatrix, x: Double, y: Double, side: Double) {
        fill(.rectangle(x: x, y: y, width: side, height: side), color: .white)
        let module = side / Double(matrix.size + 2 * QRMatrix.quietZone)
        let inset = module * Double(QRMatrix.quietZone)
        let inner = module * Double(matrix.size)
        content.write("q")
        content.write(0, 0, 0, operator: "rg")
        content.write(inner, 0, 0, -inner, x + inset, y + inset + inner, "cm")
        // In digits, so that no reader takes a part of it for the picture's end.
        content.write("BI/W \(matrix.size)/H \(matrix.size)/IM true/D[1 0]/F/AHx ID")
        content.write(matrix.hexadecimalBits + Array(">".utf8))
        content.write("EI")
        content.write("Q")
    }

    func draw(_ block: TextBlock, x: Double, y: Double) {
        guard isComplete, let text = block.latinText(typesetter.latinFace) else {
            isComplete = false
            return
        }
        set(block.color, operator: "rg")
        for run in text.runs {
            content.write("BT")
            content.write("/F\(name(of: run)) ".utf8 + number(run.size) + " Tf".utf8)
            content.write(1, 0, 0, -1, x + run.x, y + block.topOverhang + run.y, "Tm")
            content.write(run.operand + Array("TJ".utf8))
            content.write("ET")
        }
    }

    func endPage() {
        pages.append(content.bytes)
        content = PDFContent(pageHeight: PDFCanvas.pageHeight)
    }

    func finish() throws(TicketDocumentError) -> [UInt8] {
        var file = PDFFile()
        let (catalog, tree) = (file.reserve(), file.reserve())
        var resources = "<</Font<<"
        for (index, (face, text)) in faces.enumerated() {
            resources += "/F\(index) \(try Self.add(face, showing: text, to: &file)) 0 R"
        }
        resources += ">>/Shading<<"
        for (index, gradient) in gradients.enumerated() { resources += "/S\(index) \(file.add(gradient)) 0 R" }
        let shared = file.add(resources + ">>>>")
        var kids = ""
        for page in pages {
            let content = file.addStream(try Deflate.compress(page))
            kids += "\(file.add("<</Type/Page/Parent \(tree) 0 R/Contents \(content) 0 R>>")) 0 R "
        }
        var size: [UInt8] = []
        PDFContent.append(PDFCanvas.pageWidth, to: &size)
        size.append(0x20)
        PDFContent.append(PDFCanvas.pageHeight, to: &size)
        file.set(catalog, "<</Type/Catalog/Pages \(tree) 0 R>>")
        file.set(
            tree,
            "<</Type/Pages/Count \(pages.count)/Kids[\(kids)]/MediaBox[0 0 \(String(decoding: size, as: UTF8.self))]"
                + "/Resources \(shared) 0 R>>")
        let information = file.add(metadata)
        return file.bytes(catalog: catalog, information: information)
    }

    /// A font whose characters are its glyphs' numbers (ISO 32000-1 section 9.7).
    private static func add(
        _ face: LatinFace, showing text: [UInt32: String], to file: inout PDFFile
    ) throws(TicketDocumentError) -> Int {
        let embedding = try face.embedding(text)
        let program = file.addStream(embedding.file, entries: "/Length1 \(embedding.fileLength)")
        let unicodes = file.addStream(embedding.unicodes)
        let descriptor = file.add(
            "<</Type/FontDescriptor/FontName/\(embedding.name)\(face.measures)/FontFile2 \(program) 0 R>>")
        let glyphs = file.add(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/\(embedding.name)/CIDToGIDMap/Identity"
                + "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 0/W[\(embedding.widths)]"
                + "/FontDescriptor \(descriptor) 0 R>>")
        return file.add(
            "<</Type/Font/Subtype/Type0/BaseFont/\(embedding.name)/Encoding/Identity-H/DescendantFonts[\(glyphs) 0 R]"
                + "/ToUnicode \(unicodes) 0 R>>")
    }

    /// Fonts are numbered in the order in which the document uses them.
    private func name(of run: LatinText.Run) -> Int {
        if let index = faces.firstIndex(where: { $0.face === run.face }) {
            faces[index].text.merge(run.text) { first, _ in first }
            return index
        }
        faces.append((run.face, run.text))
        return faces.count - 1
    }

    private func set(_ color: TicketColor, operator name: String) {
        content.write(color.red, color.green, color.blue, operator: name)
    }

    private func number(_ value: Double) -> [UInt8] {
        var bytes: [UInt8] = []
        PDFContent.append(value, to: &bytes)
        return bytes
    }
}
