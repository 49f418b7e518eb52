import Foundation

/// One A4 page: the card, what the holder should know, and a footer.
struct TicketPage {
    let sheet: TicketSheet
    let number: Int
    let canvas: any TicketCanvas

    private static let margin = 42.0
    private static let width = PDFCanvas.pageWidth - 2 * margin
    private static let footerTop = PDFCanvas.pageHeight - 56

    /// Space kept below the card for the notes.
    private static let minimumNotesHeight = 120.0

    /// At the smallest scale every text at its greatest allowance fits on the page.
    private static let scales = [1.0, 0.88, 0.74, 0.6]

    func draw(_ face: TicketFace, matrix: QRMatrix) throws(TicketDocumentError) {
        let lowest = Self.footerTop - Self.minimumNotesHeight
        for scale in Self.scales {
            let card = TicketCard(
                face, of: sheet, number: number, matrix: matrix, origin: (Self.margin, Self.margin),
                width: Self.width, scale: scale, canvas: canvas)
            let bottom = Self.margin + card.height
            guard bottom <= lowest || scale == Self.scales.last else { continue }
            try card.draw()
            drawNotes(face.notes, top: bottom + 26)
            break
        }
        drawFooter()
    }

    private func drawNotes(_ notes: String?, top: Double) {
        let inset = 28.0
        let admissionStyle = TextStyle(size: 9.5, minimumSize: 7, color: .muted)
        var admission = TextColumn(x: Self.margin + inset, top: 0, width: Self.width - 2 * inset, canvas: canvas)
        admission.add(sheet.wording.admission, admissionStyle, maximumHeight: 40)

        var column = TextColumn(x: Self.margin + inset, top: top, width: Self.width - 2 * inset, canvas: canvas)
        if let notes, !notes.isEmpty {
            column.add(sheet.wording.notes.uppercased(), .label(scale: 1), maximumHeight: 14)
            let room = Self.footerTop - 14 - admission.bottom - 14 - 5 - column.bottom
            column.add(
                notes, TextStyle(size: 11, minimumSize: 7, alignment: .natural), maximumHeight: max(room, 12),
                spaceBefore: 5)
            column.addSpace(14)
        }
        column.add(sheet.wording.admission, admissionStyle, maximumHeight: 40)
        column.draw()
    }

    private func drawFooter() {
        let right = Self.margin + Self.width
        canvas.stroke(
            .line(from: (Self.margin, Self.footerTop), to: (right, Self.footerTop)), color: .hairline, width: 0.6,
            dashes: [])
        var style = TextStyle(size: 8, minimumSize: 6, color: .muted)
        var left = TextColumn(x: Self.margin, top: Self.footerTop + 8, width: Self.width - 110, canvas: canvas)
        left.add("\(sheet.wording.order) \(sheet.orderCode) · \(sheet.organizerName)", style, maximumHeight: 12)
        left.draw()
        style.alignment = .trailing
        var pages = TextColumn(x: right - 100, top: Self.footerTop + 8, width: 100, canvas: canvas)
        pages.add(
            TicketWording.fill(sheet.wording.pageOfCount, number: number, count: sheet.tickets.count), style,
            maximumHeight: 12)
        pages.draw()
    }
}
