//! The results as lines in SVG files.

use std::path::Path;

use plotters::prelude::*;

use super::markdown::number;
use super::results::Results;
use super::series::{Series, series};

/// A file for each series, in this directory.
pub fn draw(results: &Results, directory: &Path) -> Result<(), String> {
    for series in series(results).iter().filter(|series| series.is_a_line()) {
        let path = directory.join(format!("{}.svg", series.file));
        chart(series, &path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

type Failure = Box<dyn std::error::Error>;

fn chart(series: &Series<'_>, path: &Path) -> Result<(), Failure> {
    let lines: Vec<(&str, Vec<(f64, f64)>)> = series
        .libraries()
        .map(|name| (name, points(series, name)))
        .filter(|(_, points)| !points.is_empty())
        .collect();
    let all = || lines.iter().flat_map(|(_, points)| points);
    let (mut x, mut y) = ((f64::MAX, 0.0_f64), (f64::MAX, 0.0_f64));
    for (at, value) in all() {
        x = (x.0.min(*at), x.1.max(*at));
        y = (y.0.min(*value), y.1.max(*value));
    }
    if y.1 <= 0.0 {
        return Ok(());
    }

    let area = SVGBackend::new(path, (900, 540)).into_drawing_area();
    area.fill(&WHITE)?;
    // The lines on the left, their names on the right.
    let (left, right) = area.split_horizontally(730);
    let mut chart = ChartBuilder::on(&left)
        .caption(
            format!("{}, {}", series.kind.name(), series.title),
            ("sans-serif", 24),
        )
        .margin(10)
        .x_label_area_size(50)
        .y_label_area_size(90)
        .build_cartesian_2d(
            (x.0 * 0.8..x.1 * 1.25).log_scale(),
            (y.0 * 0.7..y.1 * 1.4).log_scale(),
        )?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .label_style(("sans-serif", 17))
        .axis_desc_style(("sans-serif", 19))
        .x_desc(series.axis())
        .y_desc(series.unit())
        .x_label_formatter(&|value| number(*value))
        .y_label_formatter(&|value| number(*value))
        .draw()?;
    for (at, (name, points)) in lines.iter().enumerate() {
        let (color, width) = match *name {
            "ferromq" => (BLUE.to_rgba(), 4),
            "ferromq-tokio" => (CYAN.to_rgba(), 4),
            _ => (Palette99::pick(at).to_rgba(), 2),
        };
        let style = color.stroke_width(width);
        chart.draw_series(LineSeries::new(points.iter().copied(), style))?;
        chart.draw_series(
            points
                .iter()
                .map(|point| Circle::new(*point, 3, color.filled())),
        )?;
        let height = 60 + 24 * at as i32;
        right.draw(&PathElement::new(vec![(0, height), (24, height)], style))?;
        right.draw(&Text::new(
            (*name).to_owned(),
            (32, height - 8),
            ("sans-serif", 20).into_font(),
        ))?;
    }
    area.present()?;
    Ok(())
}

fn points(series: &Series<'_>, name: &str) -> Vec<(f64, f64)> {
    let point = |(spec, cell): &(_, &super::results::CellResult)| {
        let value = cell
            .library(name)?
            .figures
            .get(super::cells::Spec::figure(spec))?;
        Some((series.position(spec) as f64, value.median))
    };
    series.cells.iter().filter_map(point).collect()
}
