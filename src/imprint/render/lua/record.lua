--- Notes down what each page uses: every printed statistic and every cited work, with its section.

local M = {}

--- Uses in the order of the text: { kind, id, page, section, text }.
function M.uses(chapters)
  local uses = pandoc.List({})
  for _, chapter in ipairs(chapters) do
    local section = ""
    chapter.blocks:walk({
      traverse = "topdown",
      Header = function(el)
        section = el.attributes["number"] or pandoc.utils.stringify(el.content)
      end,
      Span = function(span)
        local ids = span.attributes["data-stat"] or span.attributes["stat"]
        if ids then
          for id in ids:gmatch("%S+") do
            uses:insert({ kind = "statistic", id = id, page = chapter.output, section = section,
              text = pandoc.utils.stringify(span) })
          end
        end
      end,
      Cite = function(el)
        for _, citation in ipairs(el.citations) do
          uses:insert({ kind = "citation", id = citation.id, page = chapter.output,
            section = section, text = pandoc.utils.stringify(el) })
        end
      end,
    })
  end
  return uses
end

return M
