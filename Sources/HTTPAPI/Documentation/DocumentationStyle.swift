/// The look of the pages under `/docs`, light and dark, from 360 pixels on.

enum DocumentationStyle {
    static let sheet: StaticString = """
        :root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --quiet: #5b6470; --line: #d9dee4; --mark: #0b62d6; --code: #f3f5f8 }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #14171b; --ink: #e6e9ed; --quiet: #9aa4b0; --line: #2c333b; --mark: #6cabff; --code: #1d2228 }
        }
        * { box-sizing: border-box }
        body {
          margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif;
          display: grid; grid-template-columns: 14rem minmax(0, 1fr)
        }
        nav {
          position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line);
          display: flex; flex-direction: column; gap: .15rem
        }
        nav a { padding: .3rem .6rem; border-radius: .4rem; color: var(--ink); text-decoration: none }
        nav a:hover, nav a.current { background: var(--code) }
        nav a.current { font-weight: 600 }
        main { padding: 1.5rem 2.5rem 6rem; max-width: 60rem }
        a { color: var(--mark) }
        :focus-visible { outline: 2px solid var(--mark); outline-offset: 2px }
        h1 { font-size: 1.8rem; line-height: 1.2; margin: .5rem 0 1rem }
        h2 { font-size: 1.25rem; margin: 2.5rem 0 .4rem }
        h3 { font-size: 1rem; margin: 1.4rem 0 .3rem }
        p { margin: .3rem 0 }
        code, pre, .method, .endpoint { font-family: ui-monospace, monospace; font-size: .9em }
        code { background: var(--code); padding: .1em .3em; border-radius: .25rem; overflow-wrap: anywhere }
        pre { background: var(--code); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; overflow: auto }
        section { border-top: 1px solid var(--line); margin-top: 2.5rem }
        .method { display: inline-block; min-width: 4.2em; font-weight: 600 }
        .summary, .type, .place { color: var(--quiet); margin-left: .6rem }
        ul { padding-left: 1.1rem; margin: .3rem 0 }
        ul.operations { list-style: none; padding: 0 }
        ul.members { list-style: none; padding-left: .9rem; border-left: 2px solid var(--line) }
        ul.members li { margin: .35rem 0 }
        dl { display: grid; grid-template-columns: minmax(4rem, max-content) minmax(0, 1fr); gap: .3rem 1rem; margin: .3rem 0 }
        dt { font-weight: 600 }
        dd { margin: 0 }
        .skip { position: absolute; left: -999px }
        .skip:focus { left: 1rem; top: 1rem; background: var(--ground); padding: .5rem; z-index: 1 }
        @media (max-width: 48rem) {
          body { display: block }
          nav { position: static; height: auto; flex-flow: row wrap; border-right: 0; border-bottom: 1px solid var(--line); padding: .8rem }
          main { padding: 1rem }
          dl { grid-template-columns: 1fr }
          dd { margin-bottom: .5rem }
          .summary { display: block; margin: 0 }
        }
        """
}
