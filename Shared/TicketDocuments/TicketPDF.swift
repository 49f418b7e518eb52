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
        return try Typesetter.lend { typesetter throws(TicketDocumentError) in
            let canvas = try PDFCanvas(typesetter)
            canvas.setMetadata(
                title: "\(sheet.eventName) – \(sheet.wording.order) \(sheet.orderCode)", author: sheet.organizerName,
                createdAt: createdAt)
            for (index, face) in sheet.tickets.enumerated() {
                let matrix = try QRCode.modules(face.code)
                try TicketPage(sheet: sheet, number: index + 1, canvas: canvas).draw(face, matrix: matrix)
                canvas.endPage()
            }
            return try canvas.finish()
        }
    }
}
