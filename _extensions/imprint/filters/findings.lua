-- Under Quarto: a finding has two forms in one file, `.finding-in-brief` for the summary, which puts
-- `.in-brief` around what it includes, and `.finding-in-full` for its chapter. The embedded engine
-- runs this while it reads a text.

if quarto == nil then
  return { {} }
end

local function without(form, other)
  return {
    traverse = 'topdown',
    Div = function(div)
      if div.classes:includes(form) then return {}, false end
      if div.classes:includes(other) then return div.content end
      if div.classes:includes('in-brief') then
        return div.content:walk(without('finding-in-full', 'finding-in-brief')), false
      end
    end,
  }
end

return { without('finding-in-brief', 'finding-in-full') }
