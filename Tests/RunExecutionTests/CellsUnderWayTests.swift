import Metastore
import Testing

@testable import RunExecution

@Suite("Cells that a worker holds")
struct CellsUnderWayTests {
    @Test("a cell is held from its lease until it is written, also after its work is done")
    func life() async {
        let cells = CellsUnderWay(), cell = LeasedCell.made(1)
        cells.add(cell) { Task {} }
        #expect(cells.all == [cell] && cells.runningCount == 1)
        cells.end(cell)
        #expect(cells.all == [cell] && cells.runningCount == 0 && !cells.isVoid(cell))
        cells.remove([cell])
        #expect(cells.count == 0 && cells.isVoid(cell))
    }

    @Test("the work on a lost lease is cancelled and void")
    func lost() async {
        let cells = CellsUnderWay(), cell = LeasedCell.made(1)
        let task = Task { while !Task.isCancelled { await Task.yield() } }
        cells.add(cell) { task }
        cells.giveUp([cell])
        await task.value
        #expect(cells.isVoid(cell))
    }

    @Test("what becomes of an old lease changes nothing about a new one of the same job")
    func again() async {
        let cells = CellsUnderWay(), old = LeasedCell.made(1), new = LeasedCell.made(1, lease: 2)
        cells.add(old) { Task {} }
        cells.add(new) { Task {} }
        cells.end(old)
        cells.giveUp([old])
        cells.remove([old])
        #expect(cells.all == [new] && cells.runningCount == 1 && !cells.isVoid(new) && cells.isVoid(old))
    }
}
