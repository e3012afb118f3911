import Metastore
import Testing

@testable import RunExecution

@Suite("Cells that a worker holds")
struct CellsUnderWayTests {
    private func begun(_ cells: CellsUnderWay) -> [LeasedCell] {
        var begun: [LeasedCell] = []
        cells.fillLanes {
            begun.append($0)
            return Task {}
        }
        return begun
    }

    @Test("a cell is held from its lease until it is written, also after its work is done")
    func life() {
        let cells = CellsUnderWay(laneCount: 2), cell = LeasedCell.made(1)
        cells.add([cell])
        #expect(cells.all == [cell] && cells.busyLaneCount == 0 && begun(cells) == [cell] && cells.busyLaneCount == 1)
        cells.end(cell)
        cells.freeLane()
        #expect(cells.all == [cell] && cells.busyLaneCount == 0 && !cells.isVoid(cell))
        cells.remove([cell])
        #expect(cells.count == 0 && cells.isVoid(cell))
    }

    @Test("lanes take cells in their order, some are leased ahead, and what is done makes room before it is written")
    func lanes() {
        let cells = CellsUnderWay(laneCount: 4), leased = (1...6).map { LeasedCell.made($0) }
        #expect(cells.capacity == 6)
        cells.add(leased)
        #expect(cells.capacity == 0 && begun(cells) == Array(leased[..<4]) && cells.capacity == 0)
        cells.end(leased[0])
        cells.freeLane()
        #expect(begun(cells) == [leased[4]] && cells.capacity == 1 && cells.count == 6)
    }

    @Test("the work on a lost lease is cancelled and void; lost without a lane, it is never begun")
    func lost() async {
        let cells = CellsUnderWay(laneCount: 1), cell = LeasedCell.made(1), other = LeasedCell.made(2), last = LeasedCell.made(3)
        let task = Task { while !Task.isCancelled { await Task.yield() } }
        cells.add([cell, other, last])
        cells.fillLanes { _ in task }
        cells.giveUp([cell, other])
        await task.value
        #expect(cells.isVoid(cell) && cells.isVoid(other))
        cells.freeLane()
        #expect(begun(cells) == [last])
    }

    @Test("who stops gives back what has no lane, and begins it no more")
    func stopped() {
        let cells = CellsUnderWay(laneCount: 1), leased = (1...3).map { LeasedCell.made($0) }
        cells.add(leased)
        #expect(begun(cells) == [leased[0]])
        cells.giveUp([leased[1]])
        #expect(cells.removeWaiting() == [leased[2]])
        cells.freeLane()
        #expect(begun(cells).isEmpty)
    }

    @Test("what becomes of an old lease changes nothing about a new one of the same job")
    func again() {
        let cells = CellsUnderWay(laneCount: 2), old = LeasedCell.made(1), new = LeasedCell.made(1, lease: 2)
        cells.add([old])
        #expect(begun(cells) == [old])
        cells.add([new])
        cells.end(old)
        cells.giveUp([old])
        cells.remove([old])
        #expect(cells.all == [new] && !cells.isVoid(new) && cells.isVoid(old))
        #expect(begun(cells) == [new])
    }
}
