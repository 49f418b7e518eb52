import Foundation

/// Makes the PDF that is mailed to the buyer and offered for download.
public enum TicketPDF {
    /// Renders one A4 page per ticket. The same input always gives the same bytes on the same machine.
    ///
    /// Synchronous and some milliseconds of work per page: call it where that does not delay others.
    ///
    /// - Parameter createdAt: What the document's properties give as its creation time.
    /// - Throws: ``TicketDocumentError``.
    public static func render(_ sheet: TicketSheet, createdAt: Date) throws(TicketDocumentError) -> [UInt8] {
        guard !sheet.tickets.isEmpty else { throw .noTickets }
        let matrices = try sheet.tickets.map { face throws(TicketDocumentError) in try QRCode.modules(face.code) }
        let title = "\(sheet.eventName) – \(sheet.wording.order) \(sheet.orderCode)"
        return try Typesetter.lend { typesetter throws(TicketDocumentError) in
            let plain = LatinCanvas(typesetter, title: title, author: sheet.organizerName, createdAt: createdAt)
            try draw(sheet, matrices, on: plain)
            if plain.isComplete { return try plain.finish() }
            let canvas = try PDFCanvas(typesetter)
            canvas.setMetadata(title: title, author: sheet.organizerName, createdAt: createdAt)
            try draw(sheet, matrices, on: canvas)
            return try canvas.finish()
        }
    }

    static func draw(
        _ sheet: TicketSheet, _ matrices: [QRMatrix], on canvas: any TicketCanvas
    ) throws(TicketDocumentError) {
        for (index, (face, matrix)) in zip(sheet.tickets, matrices).enumerated() {
            try TicketPage(sheet: sheet, number: index + 1, canvas: canvas).draw(face, matrix: matrix)
            canvas.endPage()
        }
    }
}
